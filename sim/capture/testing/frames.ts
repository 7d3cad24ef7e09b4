/** Packets as other machines would have captured them: every link type, both formats, either byte order. */
import { ETHERNET } from '../format/link-types.ts';

export interface SegmentParts {
  from?: string;
  to?: string;
  fromPort?: number;
  toPort?: number;
  seq?: number;
  ack?: number;
  flags?: number;
  payload?: Buffer;
}

/** An IP packet with a segment of TCP; of IPv6 where the addresses have colons. */
export function ipPacket(parts: SegmentParts = {}, extensions: readonly Buffer[] = []): Buffer {
  const {
    from = '10.0.0.7',
    to = '10.0.0.1',
    fromPort = 50_000,
    toPort = 8000,
    seq = 1,
    ack = 0,
    flags = 0x10,
    payload = Buffer.alloc(0),
  } = parts;
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(fromPort, 0);
  tcp.writeUInt16BE(toPort, 2);
  tcp.writeUInt32BE(seq, 4);
  tcp.writeUInt32BE(ack, 8);
  tcp[12] = 0x50;
  tcp[13] = flags;
  const body = Buffer.concat([...extensions, tcp, payload]);
  return Buffer.concat([from.includes(':') ? ipv6(from, to, body, extensions.length > 0 ? 0 : 6) : ipv4(from, to, body), body]);
}

function ipv4(from: string, to: string, body: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + body.length, 2);
  header[8] = 64;
  header[9] = 6;
  Buffer.from(from.split('.').map(Number)).copy(header, 12);
  Buffer.from(to.split('.').map(Number)).copy(header, 16);
  return header;
}

function ipv6(from: string, to: string, body: Buffer, next: number): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(body.length, 4);
  header[6] = next;
  [from, to].forEach((address, index) => {
    const [head, tail = ''] = address.split('::').map((half) => half.split(':').filter((word) => word !== ''));
    const words = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
    words.forEach((word, at) => {
      header.writeUInt16BE(Number.parseInt(word, 16), 8 + 16 * index + 2 * at);
    });
  });
  return header;
}

export function ethernet(packet: Buffer, tags: readonly number[] = []): Buffer {
  const etherType = packet[0] >>> 4 === 6 ? 0x86dd : 0x0800;
  const types = [...tags.flatMap((tag) => [tag, 1]), etherType].map((value) => Buffer.from([value >> 8, value & 0xff]));
  return Buffer.concat([Buffer.alloc(12), ...types, packet]);
}

export interface Written {
  epochUs: number;
  frame: Buffer;
}

/** @param magic 0xa1b2c3d4 or 0xa1b23c4d */
export function pcap(packets: readonly Written[], magic = 0xa1b2c3d4, isLittle = true, linkType = ETHERNET): Buffer {
  const u32 = writer(isLittle);
  const units = magic === 0xa1b23c4d ? 1_000 : 1;
  const header = Buffer.concat([
    u32(magic),
    isLittle ? Buffer.from([2, 0, 4, 0]) : Buffer.from([0, 2, 0, 4]),
    u32(0),
    u32(0),
    u32(65_535),
    u32(linkType),
  ]);
  const records = packets.map(({ epochUs, frame }) =>
    Buffer.concat([u32(Math.floor(epochUs / 1e6)), u32((epochUs % 1e6) * units), u32(frame.length), u32(frame.length), frame]),
  );
  return Buffer.concat([header, ...records]);
}

/** @param resolution as `if_tsresol` has it: 6 or 9, or with 0x80 a power of two */
export function pcapng(packets: readonly Written[], isLittle = true, resolution = 6, linkType = ETHERNET): Buffer {
  const u32 = writer(isLittle);
  const u16 = (value: number) => (isLittle ? Buffer.from([value & 0xff, value >> 8]) : Buffer.from([value >> 8, value & 0xff]));
  const perS = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  const block = (type: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts);
    const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)]);
    return Buffer.concat([u32(type), u32(12 + padded.length), padded, u32(12 + padded.length)]);
  };
  const option = (code: number, value: Buffer) => Buffer.concat([u16(code), u16(value.length), value, Buffer.alloc(-value.length & 3)]);
  return Buffer.concat([
    block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), Buffer.alloc(8, 0xff)),
    block(1, u16(linkType), u16(0), u32(0), option(9, Buffer.from([resolution])), option(0, Buffer.alloc(0))),
    // A block that is passed over: name resolution.
    block(4, u32(0)),
    ...packets.map(({ epochUs, frame }) => {
      const units = (BigInt(epochUs) * perS) / 1_000_000n;
      return block(6, u32(0), u32(Number(units >> 32n)), u32(Number(units & 0xffffffffn)), u32(frame.length), u32(frame.length), frame);
    }),
  ]);
}

function writer(isLittle: boolean): (value: number) => Buffer {
  return (value) => {
    const bytes = Buffer.alloc(4);
    if (isLittle) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
}
