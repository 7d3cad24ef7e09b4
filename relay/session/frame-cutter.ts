/**
 * Cuts what a client sends at the ends of its frames (RFC 6455 section 5.2), so that it can be dealt with a
 * few frames at a time, and keeps what is unfinished.
 *
 * Of a message that is not whole the frames are kept as they came, in one piece of memory: ws would keep an
 * object of some 400 bytes for each, however little it holds. ws then gets whole messages, and control frames
 * at once, and judges all of it: a frame that it will not take, as far as that can be seen here, goes to it
 * with all that is kept, and from then on everything does.
 */
import { maxPieces } from './limits.ts';

const EMPTY = Buffer.alloc(0);
/** Section 5.2: bits and opcodes. */
const FIN = 0x80;
const RESERVED = 0x70;
const OPCODE = 0x0f;
const CONTINUATION = 0;
const LAST_DATA_OPCODE = 2;
const FIRST_CONTROL_OPCODE = 8;
const LAST_CONTROL_OPCODE = 10;
const MASKED = 0x80;
const LENGTH = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Opcode and short length, mask. */
const SHORT_HEADER_BYTES = 6;

export interface FrameDecoder {
  /** Whole frames, or what is wrong. */
  decode(bytes: Buffer): void;
  /** A frame came in more reads than are allowed. */
  tooManyReads(): void;
}

export class FrameCutter {
  private readonly decoder: FrameDecoder;
  private readonly maxPayloadBytes: number;
  private readonly maxPieces: number;
  /** Whole frames of a message whose last is still to come. */
  private readonly message = new Joined();
  private fragments = 0;
  private payloadBytes = 0;
  /** The beginning of a frame. */
  private readonly partial = new Joined();
  private reads = 0;
  /** ws is about to end this, and gets everything. */
  private isOdd = false;

  constructor(decoder: FrameDecoder, maxPayloadBytes: number) {
    this.decoder = decoder;
    this.maxPayloadBytes = maxPayloadBytes;
    this.maxPieces = maxPieces(maxPayloadBytes);
  }

  /** Memory for what is unfinished. */
  get heldBytes(): number {
    return this.message.memoryBytes + this.partial.memoryBytes;
  }

  /** Forgets what is unfinished. */
  clear(): void {
    this.message.take();
    this.partial.take();
  }

  /** @returns what is left behind so many frames */
  take(bytes: Buffer, maxFrames: number): Buffer {
    if (this.isOdd) return this.decodeRest(bytes);
    let at = 0;
    let left = maxFrames;
    if (this.partial.length > 0) {
      at = this.finishPartial(bytes);
      if (this.partial.length > 0 || this.isOdd) return EMPTY;
      left--;
    }
    /** Of the frames that are decoded together. */
    let start = at;
    for (; at < bytes.length && left > 0; left--) {
      const size = sizeOf(bytes, at);
      if (!this.isFit(bytes, at, size)) return this.decodeAll(bytes.subarray(start));
      const end = at + size;
      const isWhole = size > 0 && end <= bytes.length;
      if (isWhole && !this.isOfMessage(bytes[at])) at = end;
      else {
        if (at > start) this.decoder.decode(bytes.subarray(start, at));
        if (!isWhole) return this.keep(bytes.subarray(at));
        this.addToMessage(bytes.subarray(at, end));
        start = end;
        at = end;
      }
    }
    if (at > start) this.decoder.decode(start === 0 && at === bytes.length ? bytes : bytes.subarray(start, at));
    return at === bytes.length ? EMPTY : bytes.subarray(at);
  }

  private keep(bytes: Buffer): Buffer {
    this.partial.add(bytes);
    this.reads = 1;
    return EMPTY;
  }

  /** @returns where the next frame begins */
  private finishPartial(bytes: Buffer): number {
    const partial = this.partial;
    if (++this.reads > this.maxPieces) {
      this.isOdd = true;
      this.decoder.tooManyReads();
      return bytes.length;
    }
    for (let at = 0; ; ) {
      const size = sizeOf(partial.bytes, 0, partial.length);
      if (!this.isFit(partial.bytes, 0, size, partial.length)) {
        this.decodeAll(bytes.subarray(at));
        return bytes.length;
      }
      if (size === partial.length) {
        this.takeWhole(partial.take());
        return at;
      }
      if (at === bytes.length) return at;
      // A header byte by byte, as its length is not known before.
      const end = Math.min(bytes.length, size === 0 ? at + 1 : at + size - partial.length);
      partial.add(bytes.subarray(at, end), size);
      at = end;
    }
  }

  private takeWhole(frame: Buffer): void {
    if (this.isOfMessage(frame[0])) this.addToMessage(frame);
    else this.decoder.decode(frame);
  }

  /** Not a message by itself, but a part of one. */
  private isOfMessage(first: number): boolean {
    return (first & OPCODE) < FIRST_CONTROL_OPCODE && (this.fragments > 0 || first < FIN);
  }

  private addToMessage(frame: Buffer): void {
    this.message.add(frame);
    this.fragments++;
    this.payloadBytes += payloadOf(frame, 0, frame.length);
    if (frame[0] < FIN) return;
    this.fragments = 0;
    this.payloadBytes = 0;
    this.decoder.decode(this.message.take());
  }

  /** As far as it is there, a frame that ws takes at this point. @param size 0: not known yet */
  private isFit(bytes: Buffer, at: number, size: number, end = bytes.length): boolean {
    if (end - at < 2) return true;
    const [first, second] = [bytes[at], bytes[at + 1]];
    const opcode = first & OPCODE;
    if ((first & RESERVED) !== 0 || second < MASKED) return false;
    if (opcode >= FIRST_CONTROL_OPCODE) return first >= FIN && opcode <= LAST_CONTROL_OPCODE && (second & LENGTH) < LENGTH_16;
    if (opcode > LAST_DATA_OPCODE || (opcode === CONTINUATION) !== this.fragments > 0) return false;
    if (size === 0) return true;
    return this.fragments < this.maxPieces && this.payloadBytes + payloadOf(bytes, at, size) <= this.maxPayloadBytes;
  }

  /** What is kept, and then this. */
  private decodeAll(bytes: Buffer): Buffer {
    this.isOdd = true;
    for (const kept of [this.message.take(), this.partial.take()]) this.decodeRest(kept);
    return this.decodeRest(bytes);
  }

  private decodeRest(bytes: Buffer): Buffer {
    if (bytes.length > 0) this.decoder.decode(bytes);
    return EMPTY;
  }
}

/** Of a frame with a mask, in bytes. @returns 0 when not enough of it is there to tell */
function sizeOf(bytes: Buffer, at: number, end = bytes.length): number {
  if (end - at < 2) return 0;
  const length = bytes[at + 1] & LENGTH;
  if (length < LENGTH_16) return SHORT_HEADER_BYTES + length;
  if (length === LENGTH_16) return end - at < 4 ? 0 : SHORT_HEADER_BYTES + 2 + bytes.readUInt16BE(at + 2);
  return end - at < 10 ? 0 : SHORT_HEADER_BYTES + 8 + bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
}

function payloadOf(bytes: Buffer, at: number, size: number): number {
  const length = bytes[at + 1] & LENGTH;
  return size - SHORT_HEADER_BYTES - (length < LENGTH_16 ? 0 : length === LENGTH_64 ? 8 : 2);
}

/** Of a piece of memory, beside what is in it: the objects of Node and V8 around it. */
const PIECE_BYTES = 300;
const MIN_PIECE_BYTES = 128;

/** Bytes that come one after the other, in one piece of memory that grows. */
class Joined {
  private buffer: Buffer = EMPTY;
  length = 0;

  /** Also what is behind the length, which means nothing. */
  get bytes(): Buffer {
    return this.buffer;
  }

  get memoryBytes(): number {
    return this.buffer.length === 0 ? 0 : this.buffer.length + PIECE_BYTES;
  }

  /** @param expected how long it will be, 0 when nobody knows */
  add(bytes: Buffer, expected = 0): void {
    const length = this.length + bytes.length;
    if (length > this.buffer.length) {
      // Twice as much each time copies little; not for what is only announced.
      const wanted = Math.max(length, MIN_PIECE_BYTES, 2 * this.buffer.length);
      const grown = Buffer.allocUnsafeSlow(expected > 0 ? Math.max(length, Math.min(wanted, expected)) : wanted);
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    bytes.copy(this.buffer, this.length);
    this.length = length;
  }

  take(): Buffer {
    const bytes = this.buffer.subarray(0, this.length);
    this.buffer = EMPTY;
    this.length = 0;
    return bytes;
  }
}
