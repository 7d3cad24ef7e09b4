/**
 * Reads a capture of either format from chunks as they come: tells each packet, and in the end where the file
 * stopped making sense. Holds on to one chunk and one piece that is not whole yet.
 */
import { type CapturedFrame, Damage, type FormatReader } from './frame.ts';
import { SECTION_HEADER } from './pcapng.ts';
import { isPcap, PcapReader } from './read-pcap.ts';
import { hexOf, PcapngReader } from './read-pcapng.ts';

export interface CaptureEnd {
  packets: number;
  /** What was read up to here made sense. */
  bytes: number;
  /** What had to come there, and did not; null: the file ends with a whole piece, or in the middle of one. */
  damage: string | null;
  /** It ends in the middle of a piece. */
  isCut: boolean;
  dropped: number;
  untimed: number;
}

const MAGIC_BYTES = 4;
const NOTHING = Buffer.alloc(0);

export class CaptureReader {
  private readonly onFrame: (frame: CapturedFrame) => void;
  private format: FormatReader | null = null;
  private rest: Buffer = NOTHING;
  private packets = 0;
  private bytes = 0;
  private damage: string | null = null;

  constructor(onFrame: (frame: CapturedFrame) => void) {
    this.onFrame = onFrame;
  }

  /** @returns false: nothing that comes after this can be read */
  push(chunk: Buffer): boolean {
    if (this.damage !== null) return false;
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    try {
      this.format ??= this.formatOf(data);
      for (let taken = 1; taken > 0 && this.format !== null; at += taken) taken = this.format.take(data, at);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.damage = error.expected;
    }
    this.bytes += at;
    // A copy: the chunk is its reader's to use again.
    this.rest = Buffer.from(data.subarray(at));
    return this.damage === null;
  }

  finish(): CaptureEnd {
    const isCut = this.damage === null && this.rest.length > 0;
    const { packets, bytes, damage, format } = this;
    return { packets, bytes, damage, isCut, dropped: format?.dropped ?? 0, untimed: format?.untimed ?? 0 };
  }

  /** null: there is not enough of it to say. */
  private formatOf(data: Buffer): FormatReader | null {
    if (data.length < MAGIC_BYTES) return null;
    const frame: CapturedFrame = { data, start: 0, end: 0, linkType: 0, interface: 0, epochUs: 0 };
    const tell = (told: CapturedFrame): void => {
      this.packets++;
      this.onFrame(told);
    };
    const magic = data.readUInt32BE(0);
    if (magic === SECTION_HEADER) return new PcapngReader(frame, tell);
    if (isPcap(magic)) return new PcapReader(frame, tell);
    throw new Damage(`a capture: pcapng (0a 0d 0d 0a) or pcap (d4 c3 b2 a1 and the like), got ${hexOf(data, 0)}`);
  }
}
