/**
 * The numbers of pcapng (draft-ietf-opsawg-pcapng), for whoever writes it and whoever reads it: types of
 * blocks (section 4), the options that the kit knows, by the block that they belong to, and their values.
 */

export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
/** Obsolete (appendix A); old dumpcaps wrote it. */
export const PACKET = 2;
export const SIMPLE_PACKET = 3;
export const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;

/** As the section's own byte order writes it. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
export const VERSION_MAJOR = 1;

/** Type and length in front, length again behind. */
export const FRAME_BYTES = 12;
/** Of an enhanced packet, before its bytes; the obsolete one has as many. */
export const PACKET_HEADER_BYTES = 20;
export const OPTION_HEADER_BYTES = 4;
export const ALIGNMENT_BYTES = 4;

export const OPTION_END = 0;
export const COMMENT = 1;
export const SECTION_APPLICATION = 4;
export const INTERFACE_NAME = 2;
export const INTERFACE_IPV4 = 4;
export const INTERFACE_MAC = 6;
/** `if_tsresol`: so many negative powers of ten, with the highest bit of two, of a second. */
export const INTERFACE_RESOLUTION = 9;
/** `if_tsoffset`: seconds to be added. */
export const INTERFACE_OFFSET = 14;
/** `isb_ifdrop`: packets that the interface had no room for, and `isb_osdrop`, the operating system. */
export const STATISTICS_INTERFACE_DROPS = 5;
export const STATISTICS_SYSTEM_DROPS = 7;
export const PACKET_FLAGS = 2;

/** 10^-6 s, also where nothing is said. */
export const MICROSECONDS = 6;
