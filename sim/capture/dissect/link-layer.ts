/**
 * From the link to what is on it: where the IP packet of a frame begins, by the link type of its interface.
 * Layouts are those that the registry of link types names (draft-ietf-opsawg-pcaplinktype).
 */
import type { CapturedFrame } from '../format/frame.ts';
import * as LINK from '../format/link-types.ts';
import type { Inside, Unread } from './inside.ts';
import { unwrapWifi } from './wifi-frame.ts';

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_IPV6 = 0x86dd;
/** Tags of IEEE 802.1Q and 802.1ad, and what was there before. */
const VLAN_TAGS: readonly number[] = [0x8100, 0x88a8, 0x9100];
const MAX_TAGS = 4;

const ETHERNET_BYTES = 14;
const TAG_BYTES = 4;
const SLL_BYTES = 16;
const SLL2_BYTES = 20;
const FAMILY_BYTES = 4;
const FAMILY_IPV4 = 2;
/** AF_INET6 of NetBSD, FreeBSD and macOS, by turns, and of Linux. */
const FAMILIES_IPV6: readonly number[] = [24, 28, 30, 10];
/** Places of one interface: SLL2 says by which of the machine's own a packet came. */
const PLACES_PER_INTERFACE = 65_536;

/** @returns null: `inside` says where it is; else why not */
export function unwrap(frame: CapturedFrame, inside: Inside): Unread | null {
  const { data, start, end, linkType } = frame;
  inside.place = frame.interface * PLACES_PER_INTERFACE;
  inside.isRetry = false;
  switch (linkType) {
    case LINK.ETHERNET:
      return ethernet(data, start, end, inside);
    case LINK.LINUX_SLL:
      return end - start < SLL_BYTES ? 'cut short' : typed(data, start + 14, start + SLL_BYTES, end, inside);
    case LINK.LINUX_SLL2:
      if (end - start < SLL2_BYTES) return 'cut short';
      inside.place += data.readUInt32BE(start + 4) % PLACES_PER_INTERFACE;
      return typed(data, start, start + SLL2_BYTES, end, inside);
    case LINK.RAW:
    case LINK.RAW_BSD:
    case LINK.RAW_OPENBSD:
    case LINK.IPV4:
    case LINK.IPV6:
      return raw(data, start, end, inside);
    case LINK.NULL:
    case LINK.LOOP:
      return loopback(data, start, end, inside);
    case LINK.IEEE802_11:
    case LINK.IEEE802_11_RADIOTAP:
      return unwrapWifi(frame, linkType === LINK.IEEE802_11_RADIOTAP, inside);
    default:
      return 'unknown link';
  }
}

function ethernet(data: Buffer, start: number, end: number, inside: Inside): Unread | null {
  return end - start < ETHERNET_BYTES ? 'cut short' : typed(data, start + 12, start + ETHERNET_BYTES, end, inside);
}

/** @param typeAt where the EtherType stands @param at what it is the type of */
function typed(data: Buffer, typeAt: number, at: number, end: number, inside: Inside): Unread | null {
  let etherType = data.readUInt16BE(typeAt);
  let inner = at;
  for (let tags = 0; VLAN_TAGS.includes(etherType); tags++) {
    if (tags === MAX_TAGS) return 'damaged';
    if (end - inner < TAG_BYTES) return 'cut short';
    etherType = data.readUInt16BE(inner + 2);
    inner += TAG_BYTES;
  }
  inside.etherType = etherType;
  inside.at = inner;
  return null;
}

function raw(data: Buffer, start: number, end: number, inside: Inside): Unread | null {
  if (end === start) return 'cut short';
  const version = data[start] >>> 4;
  if (version !== 4 && version !== 6) return 'damaged';
  inside.etherType = version === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
  inside.at = start;
  return null;
}

/** The family is a small number, so that its byte order shows. */
function loopback(data: Buffer, start: number, end: number, inside: Inside): Unread | null {
  if (end - start < FAMILY_BYTES) return 'cut short';
  const family = Math.min(data.readUInt32LE(start), data.readUInt32BE(start));
  if (family !== FAMILY_IPV4 && !FAMILIES_IPV6.includes(family)) return 'not TCP';
  inside.etherType = family === FAMILY_IPV4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
  inside.at = start + FAMILY_BYTES;
  return null;
}
