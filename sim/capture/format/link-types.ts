/**
 * Link types that the kit writes or reads, by the numbers of the registry (draft-ietf-opsawg-pcaplinktype).
 */

/** BSD loopback: an address family in the byte order of whoever captured. */
export const NULL = 0;
export const ETHERNET = 1;
/** Raw IP, as some BSDs number it. */
export const RAW_BSD = 12;
export const RAW_OPENBSD = 14;
export const RAW = 101;
export const IEEE802_11 = 105;
/** OpenBSD loopback: the same in network byte order. */
export const LOOP = 108;
/** Linux cooked, as of `-i any`, */
export const LINUX_SLL = 113;
export const IEEE802_11_RADIOTAP = 127;
export const IPV4 = 228;
export const IPV6 = 229;
/** and its second version. */
export const LINUX_SLL2 = 276;
