/**
 * What a client says, read from its stream: `ws` decodes and checks every frame (RFC 6455 section 5), and its session is told what they say.
 *
 * Only ws's receiver is used, without the WebSocket that ws would put around it: everything is *written* by the session itself, one buffer per frame (frame.ts), and
 * the relay has no use for a second opinion on when a connection is over, nor for timers that run on real time.
 */
import type { Duplex, Writable } from 'node:stream';
import { Receiver } from 'ws';
import { maxPieces } from './limits.ts';

declare module 'ws' {
  /** The reading half of a WebSocket, a stream that takes bytes and emits `message`, `ping`, `pong` and `conclude`. ws exports it; its types leave it out. */
  class Receiver extends Writable {
    /** @param options sizes in bytes, 0 for no bound */
    constructor(options: { isServer: boolean; maxPayload: number; maxFragments: number; maxBufferedChunks: number });
  }
}

/** Who is told. One object in place of listeners for each event: a relay has thousands of clients, and storms of them. */
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
}

/** What ws calls the violations that are not protocol errors, and their close codes (RFC 6455 section 7.4.1). */
const VIOLATION_CODES: Record<string, number> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};
const PROTOCOL_ERROR = 1002;

/** Of one client, for as long as it is connected. */
export class FrameReader {
  readonly #stream: Duplex;
  readonly #reader: Reader;
  readonly #maxPayloadBytes: number;
  /** Made when there is something to decode: in a storm of reconnects nobody has said anything yet. */
  #decoder: Decoder | null = null;

  /** Begins to read in the next tick. @param maxPayloadBytes of a message, whatever the number of its frames */
  constructor(stream: Duplex, reader: Reader, maxPayloadBytes: number) {
    this.#stream = stream;
    this.#reader = reader;
    this.#maxPayloadBytes = maxPayloadBytes;
    stream.on('data', (bytes: Buffer) => this.#read(bytes));
    stream.on('end', () => reader.peerOnEnd());
  }

  /** Reads nothing any more, not even the peer's FIN: its bytes wait where they are. */
  stop(): void {
    this.#stream.pause();
  }

  /** After a close frame or a violation what comes is dropped, so that the peer's FIN is seen. */
  #read(bytes: Buffer): void {
    this.#decoder ??= new Decoder(this.#reader, this.#maxPayloadBytes);
    if (this.#decoder.writable) this.#decoder.write(bytes);
  }
}

/** Takes bytes, and is through with them when `write` returns: there is nothing to wait for in what ws does without compression. */
class Decoder extends Receiver {
  readonly #reader: Reader;

  constructor(reader: Reader, maxPayloadBytes: number) {
    const pieces = maxPieces(maxPayloadBytes);
    super({ isServer: true, maxPayload: maxPayloadBytes, maxFragments: pieces, maxBufferedChunks: pieces });
    this.#reader = reader;
  }

  /** What ws has to say goes straight to the reader; what any stream says of itself, to nobody. ws is left at its default binaryType, so a message is always one Buffer. */
  override emit(event: string | symbol, said?: unknown, detail?: unknown): boolean {
    if (event === 'message') this.#reader.messageOnRead(said as Buffer, detail as boolean);
    else if (event === 'ping') this.#reader.pingOnRead(said as Buffer);
    else if (event === 'pong') this.#reader.pongOnRead(said as Buffer);
    else if (event === 'conclude') this.#reader.peerOnClose(said as number);
    else if (event === 'error') this.#reader.peerOnViolation(VIOLATION_CODES[(said as NodeJS.ErrnoException).code ?? ''] ?? PROTOCOL_ERROR);
    return true;
  }
}
