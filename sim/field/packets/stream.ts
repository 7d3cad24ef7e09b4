/**
 * One direction of a TCP connection (RFC 9293): which bytes were seen before, and all of them to a scanner in
 * their order. What comes ahead of its turn waits, as long as there is room and until the other end shows
 * that it has what is missing here.
 */
import { FIN, type Segment, SYN } from '../../capture/dissect/segment.ts';
import type { Scanner } from './scanner.ts';

/** Bytes of one direction that wait, and segments. */
const MAX_WAITING_BYTES = 64 * 1024;
const MAX_WAITING = 64;
/** Missing ranges that are known of one direction. */
const MAX_GAPS = 16;
const TWO_POW_32 = 2 ** 32;

/** What a segment brings: bytes for the first time, again, a part of what was missed, or none. */
export type Kind = 'new' | 'again' | 'filling' | 'probe' | 'empty';

interface Waiting {
  seq: number;
  bytes: Buffer;
  missing: number;
}

/** What all streams of a reader have for what waits. */
export interface Room {
  bytes: number;
}

export class Stream {
  readonly scanner: Scanner;
  private readonly room: Room;
  /**
   * Behind the last byte that was seen; sequence numbers count on where TCP's begin again. null: none was.
   */
  private nextSeq: number | null = null;
  /** Behind the last byte that the scanner had. */
  private scannedSeq = 0;
  /** From, to: between bytes that were seen. */
  private gaps: [number, number][] = [];
  private waiting: Waiting[] = [];
  /** Of the latest SYN, as it stands in it. */
  private synSeq: number | null = null;
  /** Of the latest segment. */
  endSeq = 0;
  hasFinished = false;

  constructor(scanner: Scanner, room: Room) {
    this.scanner = scanner;
    this.room = room;
  }

  get hasBegun(): boolean {
    return this.nextSeq !== null;
  }

  /** Something was sent that has not been seen. */
  get hasGap(): boolean {
    return this.gaps.length > 0;
  }

  get hasSyn(): boolean {
    return this.synSeq !== null;
  }

  /** Behind the last byte that was seen. */
  get next(): number {
    return this.nextSeq ?? 0;
  }

  /** The sequence number that TCP writes so, as it counts on here. */
  positionOf(seq: number): number {
    return this.nextSeq === null ? seq : this.nextSeq + ((seq - (this.nextSeq % TWO_POW_32)) | 0);
  }

  /** A SYN of a connection that is not this one: its ports are used again. */
  isOther({ flags, seq }: Segment): boolean {
    return (flags & SYN) !== 0 && this.nextSeq !== null && seq !== this.synSeq;
  }

  take(segment: Segment): Kind {
    const { flags, payloadBytes } = segment;
    const bytes = payloadBytes + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
    if (flags & SYN) this.synSeq = segment.seq;
    const seq = this.positionOf(segment.seq);
    const end = seq + bytes;
    if (this.nextSeq === null) {
      this.nextSeq = seq;
      this.scannedSeq = seq + (flags & SYN ? 1 : 0);
    }
    const next = this.nextSeq;
    this.endSeq = end;
    if (flags & FIN) this.hasFinished = true;
    // What it has sent meanwhile was lost.
    if (seq > next) this.gap(next, seq);
    if (bytes === 0) return 'empty';
    // A keepalive or window probe (RFC 9293 section 3.8.4): nothing, or one byte that was acknowledged
    // before.
    if (payloadBytes <= 1 && bytes === 1 && (flags & (SYN | FIN)) === 0 && seq === next - 1) return 'probe';
    if (end > next) {
      this.nextSeq = end;
      this.scan(segment, seq + (flags & SYN ? 1 : 0));
      return 'new';
    }
    const isFilling = this.gaps.some(([from, to]) => seq < to && end > from);
    if (isFilling) {
      this.gaps = this.gaps.flatMap(([from, to]) => rest(from, to, seq, end));
      this.scan(segment, seq);
    }
    return isFilling ? 'filling' : 'again';
  }

  /** The other end has everything up to there, seen here or not. */
  acknowledged(seq: number): void {
    if (this.nextSeq === null || this.waiting.length === 0 || seq <= this.scannedSeq) return;
    this.giveUpUntil(Math.min(seq, this.nextSeq));
  }

  /** Nothing more will be asked of it. */
  release(): void {
    for (const { bytes } of this.waiting) this.room.bytes += bytes.length;
    this.waiting = [];
    this.scanner.close();
  }

  private gap(from: number, to: number): void {
    if (this.gaps.length < MAX_GAPS) this.gaps.push([from, to]);
    this.nextSeq = to;
  }

  private scan({ data, start, end, payloadBytes }: Segment, seq: number): void {
    if (payloadBytes === 0) return;
    if (seq <= this.scannedSeq) {
      this.pass(data, start, end, payloadBytes - (end - start), seq);
      this.drain();
      return;
    }
    const bytes = end - start;
    const ownBytes = this.waiting.reduce((sum, one) => sum + one.bytes.length, 0);
    if (this.waiting.length === MAX_WAITING || ownBytes + bytes > MAX_WAITING_BYTES || bytes > this.room.bytes) {
      this.giveUpUntil(seq);
      this.pass(data, start, end, payloadBytes - bytes, seq);
      return;
    }
    this.room.bytes -= bytes;
    this.waiting.push({ seq, bytes: Buffer.from(data.subarray(start, end)), missing: payloadBytes - bytes });
    this.waiting.sort((a, b) => a.seq - b.seq);
  }

  /** To the scanner, without what it had before. */
  private pass(data: Buffer, start: number, end: number, missing: number, seq: number): void {
    const had = this.scannedSeq - seq;
    const bytes = end - start;
    if (had >= bytes + missing) return;
    if (had <= bytes) this.scanner.take(data, start + had, end, missing);
    else this.scanner.skip(bytes + missing - had);
    this.scannedSeq = seq + bytes + missing;
  }

  private drain(): void {
    while (this.waiting.length > 0 && this.waiting[0].seq <= this.scannedSeq) {
      const [{ seq, bytes, missing }] = this.waiting.splice(0, 1);
      this.room.bytes += bytes.length;
      this.pass(bytes, 0, bytes.length, missing, seq);
    }
  }

  private giveUpUntil(seq: number): void {
    while (this.scannedSeq < seq) {
      const upTo = Math.min(seq, this.waiting[0]?.seq ?? seq);
      if (upTo > this.scannedSeq) this.scanner.skip(upTo - this.scannedSeq);
      this.scannedSeq = Math.max(this.scannedSeq, upTo);
      if (this.waiting.length === 0) return;
      this.drain();
    }
  }
}

/** What is left of a missing range when this is there. */
function rest(from: number, to: number, seq: number, end: number): [number, number][] {
  if (end <= from || seq >= to) return [[from, to]];
  const left: [number, number][] = seq > from ? [[from, seq]] : [];
  return end < to ? [...left, [end, to]] : left;
}
