/**
 * Writes the blocks of a pcapng file (draft-ietf-opsawg-pcapng): one section in little-endian, Ethernet
 * interfaces, packets with comments, times in microseconds.
 *
 * Not written: name resolution, statistics, secrets. Lengths are the caller's to keep below 2^16 in an
 * option.
 */

import { ETHERNET } from './link-types.ts';
import {
  ALIGNMENT_BYTES,
  BYTE_ORDER_MAGIC,
  COMMENT,
  ENHANCED_PACKET,
  FRAME_BYTES,
  INTERFACE_DESCRIPTION,
  INTERFACE_IPV4,
  INTERFACE_MAC,
  INTERFACE_NAME,
  INTERFACE_RESOLUTION,
  MICROSECONDS,
  OPTION_END,
  OPTION_HEADER_BYTES,
  PACKET_FLAGS,
  PACKET_HEADER_BYTES,
  SECTION_APPLICATION,
  SECTION_HEADER,
  VERSION_MAJOR,
} from './pcapng.ts';

/** Of a section that nobody has measured. */
const UNKNOWN_LENGTH = -1n;
/** No packet is cut short. */
const NO_LIMIT = 0;
/** `epb_flags`, bits 0 and 1. */
const INBOUND = 1;
const OUTBOUND = 2;
const TWO_POW_32 = 2 ** 32;

type Option = readonly [code: number, value: Buffer];

export interface CapturedPacket {
  /** In the order of the interface descriptions, from 0. */
  interface: number;
  /** Since 1970, µs. */
  epochUs: number;
  /** Seen as it leaves by this interface, not as it comes in. */
  outbound: boolean;
  frame: Buffer;
  comments: readonly string[];
}

/** @param application what wrote the file @param comment about all of it */
export function sectionHeader(application: string, comment: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(VERSION_MAJOR, 4);
  body.writeBigInt64LE(UNKNOWN_LENGTH, 8);
  return block(SECTION_HEADER, [
    body,
    ...options([
      [SECTION_APPLICATION, Buffer.from(application)],
      [COMMENT, Buffer.from(comment)],
    ]),
  ]);
}

/** @param mac 6 bytes @param ipv4 address and mask, 8 bytes */
export function interfaceDescription(name: string, mac: Buffer, ipv4: Buffer): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(ETHERNET, 0);
  body.writeUInt32LE(NO_LIMIT, 4);
  return block(INTERFACE_DESCRIPTION, [
    body,
    ...options([
      [INTERFACE_NAME, Buffer.from(name)],
      [INTERFACE_MAC, mac],
      [INTERFACE_IPV4, ipv4],
      [INTERFACE_RESOLUTION, Buffer.from([MICROSECONDS])],
    ]),
  ]);
}

export function enhancedPacket({ interface: id, epochUs, outbound, frame, comments }: CapturedPacket): Buffer {
  const header = Buffer.alloc(PACKET_HEADER_BYTES);
  header.writeUInt32LE(id, 0);
  header.writeUInt32LE(Math.floor(epochUs / TWO_POW_32), 4);
  header.writeUInt32LE(epochUs % TWO_POW_32, 8);
  header.writeUInt32LE(frame.length, 12);
  header.writeUInt32LE(frame.length, 16);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(outbound ? OUTBOUND : INBOUND);
  const said = comments.map((comment): Option => [COMMENT, Buffer.from(comment)]);
  return block(ENHANCED_PACKET, [header, frame, padding(frame.length), ...options([[PACKET_FLAGS, flags], ...said])]);
}

function block(type: number, parts: readonly Buffer[]): Buffer {
  const length = FRAME_BYTES + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...parts, head.subarray(4)], length);
}

/** With the one behind the last, which ends them. */
function options(all: readonly Option[]): Buffer[] {
  return [...all, [OPTION_END, Buffer.alloc(0)] as Option].flatMap(([code, value]) => {
    const header = Buffer.alloc(OPTION_HEADER_BYTES);
    header.writeUInt16LE(code, 0);
    header.writeUInt16LE(value.length, 2);
    return [header, value, padding(value.length)];
  });
}

function padding(bytes: number): Buffer {
  return Buffer.alloc(-bytes & (ALIGNMENT_BYTES - 1));
}
