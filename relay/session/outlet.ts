/**
 * What the relay says to one connection: whole frames, in order, and what waits to be taken by the peer is
 * known.
 *
 * What is said in one turn of the event loop goes out together: one call to the operating system in place of
 * one for each frame. Never more at once than fits into one TCP segment, so that no frame is split over two
 * because of it: the original MicroPython client corrupts such a frame.
 */
import type { Duplex } from 'node:stream';
import type { MemoryBound } from '../admission/memory-bound.ts';
import { WAITING_WRITE_BYTES } from './limits.ts';

/** Bytes. Below the segments of lwIP on an ESP32 (1,440) and of Ethernet (1,460). */
const MAX_TOGETHER_BYTES = 1_400;

export class Outlet {
  private readonly stream: Duplex;
  /** null: each frame is written at once. */
  private readonly turn: Turn | null;
  private readonly memory: MemoryBound;
  /**
   * Of this turn: the first frame, all of them when there are more, and their size. Mostly there is one,
   * which needs no list.
   */
  private first: Buffer | null = null;
  private frames: Buffer[] | null = null;
  private framesBytes = 0;
  /** Writes that the operating system has not taken yet, but for one. */
  private waitingWrites = 0;
  /** False: nothing waits in the stream, which then need not be asked. */
  private mayWait = true;

  constructor(stream: Duplex, { turn, memory }: { turn: Turn | null; memory: MemoryBound }) {
    this.stream = stream;
    this.turn = turn;
    this.memory = memory;
  }

  /**
   * Memory for what the peer has not taken, as Node keeps it; what this turn holds back does not wait for the
   * peer.
   */
  get waitingBytes(): number {
    if (!this.mayWait) return 0;
    const { writableLength } = this.stream;
    this.mayWait = writableLength > 0;
    return writableLength + this.waitingWrites * WAITING_WRITE_BYTES;
  }

  /** The frame must not be changed any more. */
  send(frame: Buffer): void {
    if (this.turn === null) {
      this.write(frame);
      return;
    }
    if (this.framesBytes + frame.length > MAX_TOGETHER_BYTES) this.flush();
    if (frame.length > MAX_TOGETHER_BYTES) {
      this.write(frame);
      return;
    }
    this.framesBytes += frame.length;
    if (this.first === null) {
      this.first = frame;
      this.turn.add(this);
    } else if (this.frames === null) this.frames = [this.first, frame];
    else this.frames.push(frame);
  }

  /**
   * Writes what this turn has held back so far: at its end, and before anything else is done to the stream.
   */
  flush(): void {
    if (this.first === null || this.turn === null) return;
    const bytes = this.frames === null ? this.first : this.turn.join(this.frames);
    this.first = null;
    this.frames = null;
    this.framesBytes = 0;
    this.write(bytes);
  }

  /** Only what has to wait is called back for: hardly anything, as long as the peer reads. */
  private write(bytes: Buffer): void {
    if (!this.stream.writable) return;
    if (this.stream.writableLength === 0) this.stream.write(bytes);
    else {
      this.waitingWrites++;
      this.stream.write(bytes, () => this.waitingWrites--);
    }
    this.mayWait = this.stream.writableLength > 0;
    if (this.mayWait) this.memory.add(bytes.length + WAITING_WRITE_BYTES);
  }
}

/** The end of a turn of the event loop, which all outlets of a relay wait for together. */
export class Turn {
  private readonly afterTurn: (flush: () => void) => void;
  private outlets: Outlet[] = [];
  /** What was joined last: a broadcast says the same to everybody. */
  private frames: readonly Buffer[] = [];
  private joined: Buffer = Buffer.alloc(0);

  /** @param afterTurn calls back when the turn is over */
  constructor(afterTurn: (flush: () => void) => void) {
    this.afterTurn = afterTurn;
  }

  /** Flushes the outlet at the end of this turn. */
  add(outlet: Outlet): void {
    if (this.outlets.push(outlet) === 1) this.afterTurn(this.flush);
  }

  /** One buffer for several frames, and the same one for the same frames. */
  join(frames: readonly Buffer[]): Buffer {
    if (!isSame(frames, this.frames)) {
      this.frames = frames;
      this.joined = Buffer.concat(frames);
    }
    return this.joined;
  }

  private readonly flush = (): void => {
    const outlets = this.outlets;
    this.outlets = [];
    for (const outlet of outlets) outlet.flush();
    this.frames = [];
  };
}

function isSame(some: readonly Buffer[], others: readonly Buffer[]): boolean {
  return some.length === others.length && some.every((frame, at) => frame === others[at]);
}
