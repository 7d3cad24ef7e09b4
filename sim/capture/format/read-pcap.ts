/**
 * Reads pcap (draft-ietf-opsawg-pcap): a header, then packets, in the byte order and with the grain of time
 * that the header's magic number says.
 */
import { type CapturedFrame, checkedTime, Damage, type FormatReader, MAX_PACKET_BYTES } from './frame.ts';

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
export const PCAP_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;
/** Of the field that the link type is in; the bits above tell of checksums (section 4). */
const LINK_TYPE_MASK = 0xffff;
const US_PER_S = 1_000_000;
const NS_PER_US = 1_000;

/** @param magic the first four bytes, as a big-endian number */
export function isPcap(magic: number): boolean {
  return byteOrderOf(magic) !== null;
}

export class PcapReader implements FormatReader {
  readonly dropped = 0;
  readonly untimed = 0;
  private readonly frame: CapturedFrame;
  private readonly onFrame: (frame: CapturedFrame) => void;
  private isLittle = false;
  private unitsPerUs = 1;
  private hasHeader = false;

  constructor(frame: CapturedFrame, onFrame: (frame: CapturedFrame) => void) {
    this.frame = frame;
    this.onFrame = onFrame;
  }

  take(data: Buffer, at: number): number {
    return this.hasHeader ? this.takePacket(data, at) : this.takeHeader(data, at);
  }

  private takeHeader(data: Buffer, at: number): number {
    if (data.length - at < PCAP_HEADER_BYTES) return 0;
    const magic = data.readUInt32BE(at);
    this.isLittle = byteOrderOf(magic) === 'little';
    this.unitsPerUs = this.u32(data, at) === MAGIC_NANOSECONDS ? NS_PER_US : 1;
    this.frame.linkType = this.u32(data, at + 20) & LINK_TYPE_MASK;
    this.hasHeader = true;
    return PCAP_HEADER_BYTES;
  }

  private takePacket(data: Buffer, at: number): number {
    if (data.length - at < PACKET_HEADER_BYTES) return 0;
    const bytes = this.u32(data, at + 8);
    if (bytes > MAX_PACKET_BYTES) throw new Damage(`a packet of at most ${MAX_PACKET_BYTES} bytes, got one of ${bytes}`);
    const start = at + PACKET_HEADER_BYTES;
    if (data.length - start < bytes) return 0;
    const { frame } = this;
    frame.epochUs = checkedTime(this.u32(data, at) * US_PER_S + this.u32(data, at + 4) / this.unitsPerUs);
    frame.data = data;
    frame.start = start;
    frame.end = start + bytes;
    this.onFrame(frame);
    return PACKET_HEADER_BYTES + bytes;
  }

  private u32(data: Buffer, at: number): number {
    return this.isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at);
  }
}

function byteOrderOf(magic: number): 'big' | 'little' | null {
  if (magic === MAGIC_MICROSECONDS || magic === MAGIC_NANOSECONDS) return 'big';
  const swapped = ((magic & 0xff) * 2 ** 24 + ((magic >>> 8) & 0xff) * 2 ** 16 + ((magic >>> 16) & 0xff) * 2 ** 8 + (magic >>> 24)) >>> 0;
  return swapped === MAGIC_MICROSECONDS || swapped === MAGIC_NANOSECONDS ? 'little' : null;
}
