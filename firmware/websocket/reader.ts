/**
 * What a server sends on one connection, as whole things: the opening handshake's response, control frames,
 * messages, the end. Judges all of it (RFC 6455); what follows from it is the client's.
 *
 * With a read delay it reads as slowly as the original client: one piece, then the delay, then that piece's
 * effect.
 *
 * An object of its own, and flat, for Espruino's sake: there an object that six or seven of its own methods
 * hold at once, one calling the next, is never freed. That is a limit for whatever is made anew with each
 * connection (JSV_LOCK_MAX in its src/jsutils.h; a lock that got there stays).
 */
import type { Clock, Socket, TimerId } from 'hal';
import { CLOSE_INVALID_DATA, CLOSE_NO_CODE, CLOSE_PROTOCOL_ERROR, decodeCloseCode, isCloseCode } from './close.ts';
import { FrameParser, OPCODE_CLOSE, OPCODE_PING, OPCODE_PONG } from './frame.ts';
import { ResponseParser } from './handshake.ts';
import { MessageAssembler } from './message.ts';
import type { ReadResult } from './read-result.ts';
import { isUtf8 } from './utf8.ts';

/**
 * A paced reader stops the socket when this much is waiting, bytes. Small, since a board's TCP window (5,744
 * bytes) may still follow.
 */
const PACED_BUFFER_MAX_BYTES = 1024;

/** Called as things have been read, in order; `stop` may be called from within each. */
export interface ReaderHandlers {
  /**
   * The response's head is there; after 101 frames follow, after any other status nothing does. @param body
   * of a refusal, as far as it came with the head
   */
  readerOnResponse(response: ResponseParser, body: string): void;
  readerOnPing(payload: string): void;
  readerOnPong(payload: string): void;
  /** A whole message; text is valid UTF-8. */
  readerOnMessage(payload: string, binary: boolean): void;
  /** A sound close frame; `CLOSE_NO_CODE` stands for none. */
  readerOnClose(code: number, reason: string): void;
  /** The protocol was broken; `closeCode` is 0 within the opening handshake. */
  readerOnBad(closeCode: number, failure: string): void;
  /** Everything that came before the FIN has been read. */
  readerOnFin(): void;
}

export class WebSocketReader {
  /** When the server last proved to be alive, by the HAL's clock: any bytes count. */
  heardAtMs: number;
  /** Whether this reader has stopped the socket. */
  paused: boolean = false;
  private readonly clock: Clock;
  private readonly socket: Socket;
  /** ms between two reads; 0 = as data comes. */
  private readonly delayMs: number;
  private readonly handlers: ReaderHandlers;
  private readonly frames: FrameParser;
  private readonly message: MessageAssembler = new MessageAssembler();
  /** Until the handshake is done. */
  private response: ResponseParser | null = null;
  private pacer: TimerId = 0;
  private finCame: boolean = false;
  private stopped: boolean = false;

  /** @param messageMaxBytes a larger message breaks the protocol */
  constructor(clock: Clock, socket: Socket, delayMs: number, messageMaxBytes: number, handlers: ReaderHandlers) {
    this.clock = clock;
    this.socket = socket;
    this.delayMs = delayMs;
    this.handlers = handlers;
    this.frames = new FrameParser(messageMaxBytes);
    this.heardAtMs = clock.now();
  }

  /**
   * TCP is connected and the request goes out; `accept` is what its answer must hold, `askedProtocol` what
   * subprotocol it may name. Comes before the first `push`.
   */
  expect(accept: string, askedProtocol: string): void {
    this.heardAtMs = this.clock.now();
    this.response = new ResponseParser(accept, askedProtocol);
  }

  /** The next bytes. */
  push(bytes: string): void {
    if (this.stopped) return;
    this.heardAtMs = this.clock.now();
    const parser = this.parser();
    parser.push(bytes);
    if (this.delayMs === 0) {
      this.readAll();
      return;
    }
    if (!this.paused && parser.bufferedBytes() >= PACED_BUFFER_MAX_BYTES) {
      this.paused = true;
      this.socket.pause();
    }
    if (this.pacer === 0) this.readPaced();
  }

  /** The server sent FIN. What came before it has still to be read, at its pace. */
  end(): void {
    this.finCame = true;
    if (this.pacer === 0) this.handlers.readerOnFin();
  }

  /** Reads no more and calls nobody. */
  stop(): void {
    this.stopped = true;
    this.clock.clearTimeout(this.pacer);
    this.pacer = 0;
  }

  private parser(): ResponseParser | FrameParser {
    return this.response === null ? this.frames : this.response;
  }

  /**
   * One read. Bytes of a frame that is still arriving are judged at once: bad text ends the connection before
   * its frame does.
   */
  private read(): ReadResult {
    const { frames, message } = this;
    const result = this.parser().read();
    if (result === 'more' && frames.arrived !== '' && message.arrive(frames.opcode, frames.arrived) === 'bad') {
      this.handlers.readerOnBad(message.closeCode, message.failure);
    }
    return result;
  }

  private readAll(): void {
    let result = this.read();
    while (result !== 'more') {
      this.act(result);
      if (this.stopped) return;
      result = this.read();
    }
  }

  /** One read; its effect, and the next read, come after the delay. */
  private readPaced(): void {
    const result = this.read();
    if (this.stopped) return;
    if (result === 'more') {
      this.wantMore();
      return;
    }
    this.pacer = this.clock.setTimeout(() => {
      this.pacer = 0;
      // While the socket is stopped by ourselves its silence says nothing.
      if (this.paused) this.heardAtMs = this.clock.now();
      try {
        this.act(result);
      } finally {
        // Also when the app's handler threw: a stopped socket would never wake this reader again.
        if (!this.stopped) this.readPaced();
      }
    }, this.delayMs);
  }

  private wantMore(): void {
    if (this.finCame) {
      this.handlers.readerOnFin();
    } else if (this.paused) {
      this.paused = false;
      this.socket.resume();
    }
  }

  private act(result: ReadResult): void {
    const { response, frames, handlers } = this;
    if (response !== null) {
      this.actOnResponse(response, result);
    } else if (result === 'bad') {
      handlers.readerOnBad(frames.closeCode, frames.failure);
    } else if (result === 'done') {
      switch (frames.opcode) {
        case OPCODE_PING:
          handlers.readerOnPing(frames.payload);
          break;
        case OPCODE_PONG:
          handlers.readerOnPong(frames.payload);
          break;
        case OPCODE_CLOSE:
          this.actOnClose(frames.payload);
          break;
        default:
          this.actOnData(frames.opcode, frames.payload);
      }
    }
  }

  private actOnResponse(response: ResponseParser, result: ReadResult): void {
    if (result === 'bad') {
      this.handlers.readerOnBad(0, response.failure);
    } else if (result === 'done') {
      const rest = response.rest();
      const upgraded = response.status === 101;
      this.response = null;
      if (upgraded) this.frames.push(rest);
      this.handlers.readerOnResponse(response, upgraded ? '' : rest);
    }
  }

  private actOnData(opcode: number, payload: string): void {
    const { frames, message, handlers } = this;
    const result = message.add(frames.fin, opcode, payload);
    frames.pendingBytes = message.pendingBytes;
    if (result === 'done') handlers.readerOnMessage(message.payload, message.binary);
    else if (result === 'bad') handlers.readerOnBad(message.closeCode, message.failure);
  }

  private actOnClose(body: string): void {
    const { handlers } = this;
    const code = body.length < 2 ? CLOSE_NO_CODE : decodeCloseCode(body);
    const reason = body.substring(2);
    if (body.length === 1 || (body.length > 1 && !isCloseCode(code))) {
      handlers.readerOnBad(CLOSE_PROTOCOL_ERROR, 'malformed close frame');
    } else if (!isUtf8(reason)) {
      handlers.readerOnBad(CLOSE_INVALID_DATA, 'close reason is not UTF-8');
    } else {
      handlers.readerOnClose(code, reason);
    }
  }
}
