/**
 * From a frame on the air (IEEE 802.11) to what is in it, behind a radiotap header (radiotap.org) or none.
 *
 * What Wi-Fi encrypts stays so: that needs the keys and the handshake of each station. Several packets in one
 * frame (A-MSDU) are not taken apart.
 */
import type { CapturedFrame } from '../format/frame.ts';
import type { Inside, Unread } from './inside.ts';

const RADIOTAP_BYTES = 8;
/** Of radiotap's first word of what is present. */
const HAS_TIME = 1 << 0;
const HAS_FLAGS = 1 << 1;
const HAS_MORE = 2 ** 31;
const TIME_BYTES = 8;
/** Of its flags: the header of the frame is filled up to a multiple of 4. */
const IS_PADDED = 0x20;

const HEADER_BYTES = 24;
const FOURTH_ADDRESS_BYTES = 6;
const QOS_BYTES = 2;
const HT_BYTES = 4;
/** The first byte: version, type, subtype. */
const TYPE_MASK = 0x0f;
const DATA = 0x08;
const QOS = 0x80;
/** Subtypes that bring nothing. */
const IS_EMPTY = 0x40;
/** The second byte. */
const BOTH_SYSTEMS = 0x03;
const MORE_FRAGMENTS = 0x04;
const RETRY = 0x08;
const PROTECTED = 0x40;
const ORDER = 0x80;
const IS_AGGREGATE = 0x80;
const FRAGMENT_MASK = 0x0f;

/** LLC and SNAP, before the EtherType (IEEE 802.2). */
const SNAP = 0xaaaa03;
const SNAP_BYTES = 8;

export function unwrapWifi({ data, start, end }: CapturedFrame, hasRadiotap: boolean, inside: Inside): Unread | null {
  let at = start;
  let isPadded = false;
  if (hasRadiotap) {
    if (end - start < RADIOTAP_BYTES) return 'cut short';
    const bytes = data.readUInt16LE(start + 2);
    if (bytes < RADIOTAP_BYTES) return 'damaged';
    if (end - start < bytes) return 'cut short';
    isPadded = (flagsOf(data, start, start + bytes) & IS_PADDED) !== 0;
    at = start + bytes;
  }
  if (end - at < HEADER_BYTES) return 'cut short';
  const [first, second] = [data[at], data[at + 1]];
  if ((first & TYPE_MASK) !== DATA || first & IS_EMPTY) return 'not TCP';
  if (second & PROTECTED) return 'encrypted';
  if (second & MORE_FRAGMENTS || data[at + 22] & FRAGMENT_MASK) return 'fragment';
  const isQos = (first & QOS) !== 0;
  const bodyAt = HEADER_BYTES + ((second & BOTH_SYSTEMS) === BOTH_SYSTEMS ? FOURTH_ADDRESS_BYTES : 0);
  if (isQos && end - at >= bodyAt + QOS_BYTES && data[at + bodyAt] & IS_AGGREGATE) return 'not TCP';
  const headerBytes = bodyAt + (isQos ? QOS_BYTES + (second & ORDER ? HT_BYTES : 0) : 0);
  const body = at + (isPadded ? (headerBytes + 3) & ~3 : headerBytes);
  if (end - body < SNAP_BYTES) return 'cut short';
  if (data.readUIntBE(body, 3) !== SNAP) return 'not TCP';
  inside.etherType = data.readUInt16BE(body + 6);
  inside.at = body + SNAP_BYTES;
  inside.isRetry = (second & RETRY) !== 0;
  return null;
}

/** 0 where there are none. */
function flagsOf(data: Buffer, start: number, end: number): number {
  const present = data.readUInt32LE(start + 4);
  if ((present & HAS_FLAGS) === 0) return 0;
  let at = start + 4;
  // Words go on as long as each says so.
  while (at + 4 <= end && data.readUInt32LE(at) >= HAS_MORE) at += 4;
  at += 4;
  if (present & HAS_TIME) at = start + ((at - start + TIME_BYTES - 1) & -TIME_BYTES) + TIME_BYTES;
  return at < end ? data[at] : 0;
}
