/**
 * What a client says, read from its stream: `ws` decodes and checks every frame (RFC 6455 section 5), and its
 * session is told what they say.
 *
 * Only ws's receiver is used, without the WebSocket that ws would put around it: everything is *written* by
 * the session itself, one buffer per frame (frame.ts), and the relay has no use for a second opinion on when
 * a connection is over, nor for timers that run on real time.
 */
import type { Duplex, Writable } from 'node:stream';
import { INVALID_DATA, MESSAGE_TOO_BIG, POLICY_VIOLATION, PROTOCOL_ERROR } from 'host/close-codes';
import { Receiver } from 'ws';
import type { MemoryBound } from '../admission/memory-bound.ts';
import type { RelayConfig } from '../config.ts';
import { FrameCutter, type FrameDecoder } from './frame-cutter.ts';
import { maxPieces } from './limits.ts';
import type { Read, ReadingBudget } from './reading-budget.ts';

declare module 'ws' {
  /**
   * The reading half of a WebSocket, a stream that takes bytes and emits `message`, `ping`, `pong` and
   * `conclude`. ws exports it; its types leave it out.
   */
  class Receiver extends Writable {
    /** @param options sizes in bytes, 0 for no bound */
    constructor(options: { isServer: boolean; maxPayload: number; maxFragments: number; maxBufferedChunks: number });
  }
}

/**
 * Who is told. One object in place of listeners for each event: a relay has thousands of clients, and storms
 * of them.
 */
export interface Reader {
  messageOnRead(payload: Buffer, binary: boolean): void;
  pingOnRead(payload: Buffer): void;
  pongOnRead(payload: Buffer): void;
  /** The peer sent a close frame; 1005 when it had no code. Nothing is read after it. */
  peerOnClose(code: number): void;
  /** The peer broke the protocol or a limit and is to be closed with `code`. Nothing is read after it. */
  peerOnViolation(code: number): void;
  /** The peer sent FIN. */
  peerOnEnd(): void;
  /** It is not read on in this turn, as its share is used up. */
  readingOnPause(): void;
}

/** What all readers of a relay share. */
export interface Surroundings {
  config: Pick<RelayConfig, 'maxPayloadBytes'>;
  /** null: everything that comes is dealt with at once. */
  budget: ReadingBudget | null;
  memory: MemoryBound;
}

const NOTHING = Buffer.alloc(0);

/**
 * What ws calls the violations that are not protocol errors, and their close codes (RFC 6455 section 7.4.1).
 */
const VIOLATION_CODES: Record<string, number> = {
  WS_ERR_INVALID_UTF8: INVALID_DATA,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: POLICY_VIOLATION,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: MESSAGE_TOO_BIG,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: MESSAGE_TOO_BIG,
};
/** Of one client, for as long as it is connected. */
export class FrameReader implements Read {
  turn = 0;
  spent = 0;
  private readonly stream: Duplex;
  private readonly reader: Reader;
  private readonly surroundings: Surroundings;
  /** Made when there is something to decode: in a storm of reconnects nobody has said anything yet. */
  private cutter: FrameCutter | null = null;
  /** What came and is not cut up yet: the rest of a turn's share. */
  private unread: Buffer = NOTHING;
  /** The peer's FIN came behind that. */
  private hasEnded = false;
  private isStopped = false;
  /** Not read since then, on the budget's clock; NaN: it is read. */
  private pausedAtMs = Number.NaN;
  private pausedBeforeMs = 0;

  /** Begins to read in the next tick. */
  constructor(stream: Duplex, reader: Reader, surroundings: Surroundings) {
    this.stream = stream;
    this.reader = reader;
    this.surroundings = surroundings;
    stream.on('data', (bytes: Buffer) => this.streamOnData(bytes));
    stream.on('end', () => this.streamOnEnd());
  }

  /** Memory for what is unfinished or not dealt with yet. */
  get heldBytes(): number {
    return (this.cutter?.heldBytes ?? 0) + this.unread.buffer.byteLength + this.stream.readableLength;
  }

  /** For how long it was not read because others have their share, ms, all in all. */
  get pausedMs(): number {
    const { budget } = this.surroundings;
    return budget === null || Number.isNaN(this.pausedAtMs) ? this.pausedBeforeMs : this.pausedBeforeMs + budget.nowMs - this.pausedAtMs;
  }

  /** Reads nothing any more, not even the peer's FIN: its bytes wait where they are. */
  stop(): void {
    this.stream.pause();
    this.drop();
  }

  /** Forgets what has been read. The connection is gone, or soon will be. */
  drop(): void {
    this.isStopped = true;
    this.unread = NOTHING;
    this.cutter?.clear();
    this.surroundings.budget?.forget(this);
  }

  readOn(): void {
    this.pausedBeforeMs = this.pausedMs;
    this.pausedAtMs = Number.NaN;
    this.read();
    if (this.unread.length > 0 || this.isStopped) return;
    if (this.hasEnded) this.reader.peerOnEnd();
    else this.stream.resume();
  }

  /** Node tells of it also while a stream is paused. */
  private streamOnEnd(): void {
    if (this.unread.length > 0) this.hasEnded = true;
    else this.reader.peerOnEnd();
  }

  private streamOnData(bytes: Buffer): void {
    if (this.isStopped) return;
    this.unread = bytes;
    this.read();
  }

  private read(): void {
    const { config, budget, memory } = this.surroundings;
    this.cutter ??= new FrameCutter(new Decoder(this.reader, config.maxPayloadBytes), config.maxPayloadBytes);
    const heldBefore = this.cutter.heldBytes;
    while (this.unread.length > 0) {
      const frames = budget === null ? Number.POSITIVE_INFINITY : budget.framesFor(this);
      if (frames === 0) {
        this.pause();
        break;
      }
      const rest = this.cutter.take(this.unread, frames);
      // Whom it told may have stopped it.
      this.unread = this.isStopped ? NOTHING : rest;
    }
    memory.add(Math.max(0, this.cutter.heldBytes - heldBefore));
  }

  /** Until `readOn`. What the stream reads ahead meanwhile counts as much as what is here. */
  private pause(): void {
    const { budget, memory } = this.surroundings;
    if (!this.stream.isPaused()) this.reader.readingOnPause();
    this.stream.pause();
    this.pausedAtMs = budget?.nowMs ?? Number.NaN;
    memory.add(2 * this.unread.buffer.byteLength);
  }
}

/**
 * Takes bytes, and is through with them when `write` returns: there is nothing to wait for in what ws does
 * without compression.
 */
class Decoder extends Receiver implements FrameDecoder {
  private readonly reader: Reader;

  constructor(reader: Reader, maxPayloadBytes: number) {
    super({ isServer: true, maxPayload: maxPayloadBytes, maxFragments: maxPieces(maxPayloadBytes), maxBufferedChunks: 0 });
    this.reader = reader;
  }

  /** After a close frame or a violation what comes is dropped, so that the peer's FIN is seen. */
  decode(bytes: Buffer): void {
    if (this.writable) this.write(bytes);
  }

  tooManyReads(): void {
    this.destroy();
    this.reader.peerOnViolation(POLICY_VIOLATION);
  }

  /**
   * What ws has to say goes straight to the reader; what any stream says of itself, to nobody. ws is left at
   * its default binaryType, so a message is always one Buffer.
   */
  override emit(event: string | symbol, said?: unknown, detail?: unknown): boolean {
    if (event === 'message') this.reader.messageOnRead(said as Buffer, detail as boolean);
    else if (event === 'ping') this.reader.pingOnRead(said as Buffer);
    else if (event === 'pong') this.reader.pongOnRead(said as Buffer);
    else if (event === 'conclude') this.reader.peerOnClose(said as number);
    else if (event === 'error') this.reader.peerOnViolation(VIOLATION_CODES[(said as NodeJS.ErrnoException).code ?? ''] ?? PROTOCOL_ERROR);
    return true;
  }
}
