/**
 * From a captured frame to its TCP segment: IPv4 (RFC 791) and IPv6 (RFC 8200) with the extension headers
 * that lead to TCP (RFC 9293).
 *
 * Checksums are not looked at: network cards compute them after a capture has seen the packet. Fragments are
 * not put together, as no TCP of today sends any. Tunnels are not looked into.
 */
import type { CapturedFrame } from '../format/frame.ts';
import type { Inside, Unread } from './inside.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, unwrap } from './link-layer.ts';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

/** One for all frames, with new values each time. */
export interface Segment {
  data: Buffer;
  /** Addresses and ports as they stand in the packet, a character a byte: the sender's first. */
  key: string;
  /** Of each of the two addresses in it: 4 or 16. */
  addressBytes: number;
  fromPort: number;
  toPort: number;
  seq: number;
  ack: number;
  flags: number;
  /** 0 where packets are not numbered, as under "don't fragment". */
  identification: number;
  /** Of the payload that was captured, from `start` to `end`; */
  start: number;
  end: number;
  /** so long it was on the wire. */
  payloadBytes: number;
  /** Of what it came by: on some links one packet is captured in several places. */
  place: number;
  /** The radio sent the frame again: its receiver may have it already. */
  isRetry: boolean;
}

const PROTOCOL_TCP = 6;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const TCP_BYTES = 20;
const PORT_BYTES = 4;
/** Of IPv4's flags and offset, what a fragment has. */
const MORE_FRAGMENTS_OR_OFFSET = 0x3fff;

/** Extension headers that stand between IPv6 and TCP: Hop-by-Hop, Routing, Destination Options. */
const PASSED_OVER: readonly number[] = [0, 43, 60];
const IPV6_FRAGMENT = 44;
const MAX_EXTENSIONS = 8;
/** Their length counts in these, and not the first. */
const EXTENSION_UNIT_BYTES = 8;

export class Dissector {
  readonly segment: Segment = {
    data: Buffer.alloc(0),
    key: '',
    addressBytes: 0,
    fromPort: 0,
    toPort: 0,
    seq: 0,
    ack: 0,
    flags: 0,
    identification: 0,
    start: 0,
    end: 0,
    payloadBytes: 0,
    place: 0,
    isRetry: false,
  };
  private readonly inside: Inside = { etherType: 0, at: 0, place: 0, isRetry: false };

  /** @returns null: `segment` holds what is in the frame; else why there is no segment of TCP */
  dissect(frame: CapturedFrame): Unread | null {
    const { inside, segment } = this;
    const unread = unwrap(frame, inside);
    if (unread !== null) return unread;
    segment.data = frame.data;
    segment.place = inside.place;
    segment.isRetry = inside.isRetry;
    if (inside.etherType === ETHERTYPE_IPV4) return this.ipv4(frame.data, inside.at, frame.end);
    return inside.etherType === ETHERTYPE_IPV6 ? this.ipv6(frame.data, inside.at, frame.end) : 'not TCP';
  }

  private ipv4(data: Buffer, at: number, end: number): Unread | null {
    if (end - at < IPV4_BYTES) return 'cut short';
    if (data[at] >>> 4 !== 4) return 'damaged';
    const headerBytes = (data[at] & 0xf) * 4;
    if (headerBytes < IPV4_BYTES) return 'damaged';
    if (data[at + 9] !== PROTOCOL_TCP) return 'not TCP';
    if (data.readUInt16BE(at + 6) & MORE_FRAGMENTS_OR_OFFSET) return 'fragment';
    // A card that cuts segments itself is handed long ones, whose length does not always stand there yet.
    const totalBytes = data.readUInt16BE(at + 2) || end - at;
    this.segment.identification = data.readUInt16BE(at + 4);
    return this.tcp(data, at + headerBytes, end, totalBytes - headerBytes, at + 12, 4);
  }

  private ipv6(data: Buffer, at: number, end: number): Unread | null {
    if (end - at < IPV6_BYTES) return 'cut short';
    if (data[at] >>> 4 !== 6) return 'damaged';
    const payloadBytes = data.readUInt16BE(at + 4) || end - at - IPV6_BYTES;
    const from = at + IPV6_BYTES;
    let next = data[at + 6];
    let header = from;
    for (let extensions = 0; PASSED_OVER.includes(next); extensions++) {
      if (extensions === MAX_EXTENSIONS) return 'damaged';
      if (end - header < EXTENSION_UNIT_BYTES) return 'cut short';
      next = data[header];
      header += (data[header + 1] + 1) * EXTENSION_UNIT_BYTES;
    }
    if (next === IPV6_FRAGMENT) return 'fragment';
    if (next !== PROTOCOL_TCP) return 'not TCP';
    this.segment.identification = 0;
    return this.tcp(data, header, end, payloadBytes - (header - from), at + 8, 16);
  }

  /** @param bytes of header and payload on the wire @param addresses where the sender's begins */
  private tcp(data: Buffer, at: number, end: number, bytes: number, addresses: number, addressBytes: number): Unread | null {
    if (bytes < TCP_BYTES) return 'damaged';
    if (end - at < TCP_BYTES) return 'cut short';
    const headerBytes = (data[at + 12] >>> 4) * 4;
    if (headerBytes < TCP_BYTES || headerBytes > bytes) return 'damaged';
    const { segment } = this;
    segment.key = data.toString('latin1', addresses, addresses + 2 * addressBytes) + data.toString('latin1', at, at + PORT_BYTES);
    segment.addressBytes = addressBytes;
    segment.fromPort = data.readUInt16BE(at);
    segment.toPort = data.readUInt16BE(at + 2);
    segment.seq = data.readUInt32BE(at + 4);
    segment.ack = data.readUInt32BE(at + 8);
    segment.flags = data[at + 13];
    segment.payloadBytes = bytes - headerBytes;
    segment.start = Math.min(end, at + headerBytes);
    // Behind a short packet Ethernet has padding.
    segment.end = Math.min(end, at + bytes);
    return null;
  }
}

/** Of a segment of the other way. */
export function reverseKey({ key, addressBytes }: Segment): string {
  const ports = 2 * addressBytes;
  return key.slice(addressBytes, ports) + key.slice(0, addressBytes) + key.slice(ports + 2) + key.slice(ports, ports + 2);
}

/** @param bytes an address as it stands in a key */
export function formatIp(bytes: string): string {
  const codes = [...bytes].map((character) => character.charCodeAt(0));
  if (codes.length === 4) return codes.join('.');
  const words = Array.from({ length: 8 }, (_, index) => ((codes[2 * index] << 8) | codes[2 * index + 1]).toString(16));
  // The longest row of zeros is left out (RFC 5952 section 4.2).
  const zeros = words.join(':').match(/(?:^|(?<=:))0(?::0)+(?=:|$)/g) ?? [];
  const longest = zeros.reduce((a, b) => (b.length > a.length ? b : a), '');
  if (longest === '') return words.join(':');
  const [before, after] = splitOnce(words.join(':'), longest);
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

function splitOnce(text: string, part: string): [string, string] {
  const at = text.search(new RegExp(`(?:^|(?<=:))${part}(?=:|$)`));
  return [text.slice(0, at), text.slice(at + part.length)];
}
