/**
 * Reads pcapng (draft-ietf-opsawg-pcapng) block by block: sections in either byte order, interfaces with
 * their grain of time, packets of all three kinds, and how many the capturing side had no room for. All other
 * blocks are passed over.
 */
import { type CapturedFrame, checkedTime, Damage, type FormatReader, MAX_PACKET_BYTES } from './frame.ts';
import {
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  FRAME_BYTES,
  INTERFACE_DESCRIPTION,
  INTERFACE_OFFSET,
  INTERFACE_RESOLUTION,
  INTERFACE_STATISTICS,
  MICROSECONDS,
  OPTION_END,
  OPTION_HEADER_BYTES,
  PACKET,
  PACKET_HEADER_BYTES,
  SECTION_HEADER,
  SIMPLE_PACKET,
  STATISTICS_INTERFACE_DROPS,
  STATISTICS_SYSTEM_DROPS,
  VERSION_MAJOR,
} from './pcapng.ts';

/** The longest block that Wireshark takes, bytes: 16 MiB. */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
/** A capture of every container of a large host has hundreds. */
const MAX_INTERFACES = 65_536;
const SECTION_BYTES = 28;
const BLOCK_HEAD_BYTES = 8;
const TWO_POW_32 = 2 ** 32;
const US_PER_S = 1_000_000;
const POWERS_OF_TWO = 0x80;

interface Interface {
  linkType: number;
  /** 0: no limit. */
  snapBytes: number;
  usPerUnit: number;
  offsetUs: number;
  /** Over the file. */
  number: number;
  dropped: number;
}

export class PcapngReader implements FormatReader {
  untimed = 0;
  private readonly frame: CapturedFrame;
  private readonly onFrame: (frame: CapturedFrame) => void;
  /** Of this section. */
  private interfaces: Interface[] = [];
  private interfaceCount = 0;
  private droppedBefore = 0;
  private isLittle = true;

  constructor(frame: CapturedFrame, onFrame: (frame: CapturedFrame) => void) {
    this.frame = frame;
    this.onFrame = onFrame;
  }

  get dropped(): number {
    return this.droppedBefore + this.interfaces.reduce((sum, { dropped }) => sum + dropped, 0);
  }

  take(data: Buffer, at: number): number {
    if (data.length - at < FRAME_BYTES) return 0;
    const type = this.u32(data, at);
    if (type === SECTION_HEADER) this.turn(data, at);
    const bytes = this.u32(data, at + 4);
    if (bytes < FRAME_BYTES || bytes > MAX_BLOCK_BYTES || bytes % 4 !== 0)
      throw new Damage(`a block of ${FRAME_BYTES} to ${MAX_BLOCK_BYTES} bytes, a multiple of 4, got ${bytes}`);
    if (data.length - at < bytes) return 0;
    const again = this.u32(data, at + bytes - 4);
    if (again !== bytes) throw new Damage(`the length of the block again at its end (${bytes}), got ${again}`);
    this.takeBlock(type, data, at + BLOCK_HEAD_BYTES, at + bytes - 4);
    return bytes;
  }

  /** The byte order of the section that begins here. Its type reads the same in both. */
  private turn(data: Buffer, at: number): void {
    this.isLittle = data.readUInt32LE(at + BLOCK_HEAD_BYTES) === BYTE_ORDER_MAGIC;
    if (this.isLittle || data.readUInt32BE(at + BLOCK_HEAD_BYTES) === BYTE_ORDER_MAGIC) return;
    throw new Damage(`the byte order magic 1a 2b 3c 4d of a section, got ${hexOf(data, at + BLOCK_HEAD_BYTES)}`);
  }

  private takeBlock(type: number, data: Buffer, at: number, end: number): void {
    switch (type) {
      case SECTION_HEADER:
        this.takeSection(data, at, end);
        break;
      case INTERFACE_DESCRIPTION:
        this.takeInterface(data, at, end);
        break;
      case INTERFACE_STATISTICS:
        this.takeStatistics(data, at, end);
        break;
      case ENHANCED_PACKET:
      case PACKET:
        if (end - at < PACKET_HEADER_BYTES) throw new Damage(`a packet of at least ${PACKET_HEADER_BYTES} bytes, got ${end - at}`);
        this.takePacket(type === PACKET ? this.u16(data, at) : this.u32(data, at), data, at, end);
        break;
      case SIMPLE_PACKET:
        this.takeSimplePacket(data, at, end);
    }
  }

  private takeSection(data: Buffer, at: number, end: number): void {
    const bytes = end - at + FRAME_BYTES;
    if (bytes < SECTION_BYTES) throw new Damage(`a section header of at least ${SECTION_BYTES} bytes, got ${bytes}`);
    const major = this.u16(data, at + 4);
    if (major !== VERSION_MAJOR) throw new Damage(`version ${VERSION_MAJOR} of pcapng, got ${major}`);
    this.droppedBefore = this.dropped;
    this.interfaces = [];
  }

  private takeInterface(data: Buffer, at: number, end: number): void {
    if (end - at < BLOCK_HEAD_BYTES) throw new Damage(`an interface of at least ${BLOCK_HEAD_BYTES} bytes, got ${end - at}`);
    if (this.interfaceCount === MAX_INTERFACES) throw new Damage(`at most ${MAX_INTERFACES} interfaces`);
    const one = {
      linkType: this.u16(data, at),
      snapBytes: this.u32(data, at + 4),
      usPerUnit: usPerUnit(MICROSECONDS),
      offsetUs: 0,
      number: this.interfaceCount++,
      dropped: 0,
    };
    this.eachOption(data, at + BLOCK_HEAD_BYTES, end, (code, value, bytes) => {
      if (code === INTERFACE_RESOLUTION && bytes === 1) one.usPerUnit = usPerUnit(data[value]);
      if (code === INTERFACE_OFFSET && bytes === 8) one.offsetUs = this.i64(data, value) * US_PER_S;
    });
    this.interfaces.push(one);
  }

  /** Counters go on from block to block, so the last one holds. */
  private takeStatistics(data: Buffer, at: number, end: number): void {
    const one = end - at < FRAME_BYTES ? undefined : this.interfaces[this.u32(data, at)];
    if (one === undefined) return;
    let dropped = 0;
    this.eachOption(data, at + FRAME_BYTES, end, (code, value, bytes) => {
      const isDrops = code === STATISTICS_INTERFACE_DROPS || code === STATISTICS_SYSTEM_DROPS;
      if (isDrops && bytes === 8) dropped = Math.max(dropped, this.i64(data, value));
    });
    one.dropped = dropped;
  }

  private takePacket(id: number, data: Buffer, at: number, end: number): void {
    const one = this.interfaces[id];
    if (one === undefined) throw new Damage(`a packet of one of ${this.interfaces.length} interfaces, got one of number ${id}`);
    const bytes = this.u32(data, at + 12);
    const start = at + PACKET_HEADER_BYTES;
    if (bytes > end - start || bytes > MAX_PACKET_BYTES)
      throw new Damage(`a packet of at most ${Math.min(end - start, MAX_PACKET_BYTES)} bytes, got one of ${bytes}`);
    const units = this.u32(data, at + 4) * TWO_POW_32 + this.u32(data, at + 8);
    this.frame.epochUs = checkedTime(units * one.usPerUnit + one.offsetUs);
    this.tell(one, data, start, start + bytes);
  }

  /** It has no time, and as many bytes as the interface lets it have. */
  private takeSimplePacket(data: Buffer, at: number, end: number): void {
    const one = this.interfaces[0];
    if (one === undefined || end - at < 4) throw new Damage('a simple packet of at least 4 bytes, behind an interface');
    const most = Math.min(end - at - 4, one.snapBytes || MAX_PACKET_BYTES, MAX_PACKET_BYTES);
    this.untimed++;
    this.tell(one, data, at + 4, at + 4 + Math.min(this.u32(data, at), most));
  }

  private tell(one: Interface, data: Buffer, start: number, end: number): void {
    const { frame } = this;
    frame.data = data;
    frame.start = start;
    frame.end = end;
    frame.linkType = one.linkType;
    frame.interface = one.number;
    this.onFrame(frame);
  }

  /** Up to one that does not fit: none of them matters more than the packets. */
  private eachOption(data: Buffer, from: number, end: number, tell: (code: number, at: number, bytes: number) => void): void {
    for (let at = from; at + OPTION_HEADER_BYTES <= end; ) {
      const code = this.u16(data, at);
      const bytes = this.u16(data, at + 2);
      if (code === OPTION_END || at + OPTION_HEADER_BYTES + bytes > end) return;
      tell(code, at + OPTION_HEADER_BYTES, bytes);
      at += OPTION_HEADER_BYTES + ((bytes + 3) & ~3);
    }
  }

  private u16(data: Buffer, at: number): number {
    return this.isLittle ? data.readUInt16LE(at) : data.readUInt16BE(at);
  }

  private u32(data: Buffer, at: number): number {
    return this.isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at);
  }

  private i64(data: Buffer, at: number): number {
    return Number(this.isLittle ? data.readBigInt64LE(at) : data.readBigInt64BE(at));
  }
}

/** @param resolution as `if_tsresol` writes it */
function usPerUnit(resolution: number): number {
  const power = resolution & ~POWERS_OF_TWO;
  return US_PER_S * (resolution & POWERS_OF_TWO ? 2 ** -power : 10 ** -power);
}

export function hexOf(data: Buffer, at: number): string {
  return [...data.subarray(at, at + 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
