/**
 * One WebSocket (RFC 6455, client) over one TCP connection: opening handshake, frames, ping and pong, closing handshake, each wait bounded.
 *
 * Made for one life: after its end a new attempt takes a new client. Sends each message as one frame and offers no extension. Does not retry,
 * ping by itself or queue messages; that is the channel's. With a read delay it reads as slowly as the original client: one piece, then the delay,
 * then that piece's effect.
 */
import type { Hal, NetError, NetErrorKind, Socket, SocketHandlers, TimerId } from 'hal';
import { CLOSE_INVALID_DATA, CLOSE_NO_CODE, CLOSE_PROTOCOL_ERROR, decodeCloseCode, encodeCloseCode, isCloseCode } from './close.ts';
import { encodeFrame, FrameParser, OPCODE_BINARY, OPCODE_CLOSE, OPCODE_PING, OPCODE_PONG, OPCODE_TEXT } from './frame.ts';
import { acceptFor, buildRequest, createKey, ResponseParser } from './handshake.ts';
import { MessageAssembler } from './message.ts';
import type { ReadResult } from './read-result.ts';
import { isUtf8 } from './utf8.ts';

/** TCP connect, ms. lwIP on an ESP32 gives up after 18 s (6 SYNs of 3 s, or 12 of 1.5 s); a little later the platform has forgotten to say so. */
export const CONNECT_TIMEOUT_MS = 20000;
/** From TCP's connect to the end of the response's head, ms. What Python `websockets` allows; a relay answers within two round trips. */
export const HANDSHAKE_TIMEOUT_MS = 10000;
/** From our close frame to the server's FIN, ms. Only frees the socket: the channel has gone on by then. */
export const CLOSE_TIMEOUT_MS = 2000;
/** Largest message in either direction, bytes; the relay's `--max-payload` has the same default. A fifth of an ESP32's memory under Espruino. */
export const MESSAGE_MAX_BYTES = 65536;
/** A paced reader stops the socket when this much is waiting, bytes. Small, since a board's TCP window (5,744 bytes) may still follow. */
const PACED_BUFFER_MAX_BYTES = 1024;

/** How a client ended. `code` is the close code or the HTTP status where there is one, `text` is for people and may hold the peer's words. */
export interface WebSocketEnd {
  /** `close`: the server's close frame · `fin`: TCP ended without one · `net`: TCP failed · `http`: a status other than 101 · `protocol`: RFC 6455 was broken */
  kind: 'close' | 'fin' | 'net' | 'http' | 'protocol' | 'timeout';
  code: number;
  text: string;
  /** For `net`. */
  error: NetErrorKind | '';
  /** For `http`: the server's Retry-After, 0 = none. */
  retryAfterSeconds: number;
}

export interface WebSocketHandlers {
  /** TCP is connected, the opening handshake begins. */
  webSocketOnTcp(): void;
  webSocketOnOpen(): void;
  /** A whole message; text is valid UTF-8. */
  webSocketOnMessage(payload: string, binary: boolean): void;
  webSocketOnPong(payload: string): void;
  /** No longer `blocked`: more is welcome. */
  webSocketOnDrain(): void;
  /** Exactly once and last, unless `destroy` came first. The socket may still live for a moment to end politely. */
  webSocketOnEnd(end: WebSocketEnd): void;
}

export interface WebSocketTarget {
  host: string;
  port: number;
  /** Percent-encoded, begins with `/`. */
  path: string;
  /** ms between two reads; 0 = as data comes. */
  readDelayMs: number;
}

/** `closing`: our close frame is out, or the server's came; only the socket's end is waited for. */
type Phase = 'connecting' | 'handshake' | 'open' | 'closing' | 'gone';

export class WebSocketClient implements SocketHandlers {
  /** When the server last proved to be alive, by the HAL's clock: any bytes count. */
  heardAtMs: number;
  /** True after a write until the platform wants more: what is sent now waits in its memory. */
  blocked: boolean = false;
  private phase: Phase = 'connecting';
  private readonly hal: Hal;
  private readonly target: WebSocketTarget;
  private readonly handlers: WebSocketHandlers;
  private readonly socket: Socket;
  private response: ResponseParser | null = null;
  private readonly frames: FrameParser = new FrameParser(MESSAGE_MAX_BYTES);
  private readonly message: MessageAssembler = new MessageAssembler();
  /** The latest ping that could not be answered yet; older ones need no answer (RFC 6455 section 5.5.3). */
  private owedPong: string | null = null;
  private deadline: TimerId;
  private pacer: TimerId = 0;
  private paused: boolean = false;
  private finReceived: boolean = false;

  constructor(hal: Hal, target: WebSocketTarget, handlers: WebSocketHandlers) {
    this.hal = hal;
    this.target = target;
    this.handlers = handlers;
    this.heardAtMs = hal.clock.now();
    this.deadline = hal.clock.setTimeout(() => this.endBy('timeout', 0, 'no TCP connection'), CONNECT_TIMEOUT_MS);
    this.socket = hal.net.connect(target.host, target.port, this);
  }

  /** Sends one message. Only while open and not `blocked`; the caller has checked size and encoding. */
  send(payload: string, binary: boolean): void {
    this.write(binary ? OPCODE_BINARY : OPCODE_TEXT, payload);
  }

  /** Sends a ping and returns the frame's bytes. Only while open; `payload` at most 125 bytes. */
  ping(payload: string): number {
    return this.write(OPCODE_PING, payload);
  }

  /** Gives everything up at once; no handler is called any more. Safe at any time. */
  destroy(): void {
    if (this.phase === 'gone') return;
    this.phase = 'gone';
    this.stopTimers();
    this.socket.destroy();
  }

  onConnect(): void {
    if (this.phase !== 'connecting') return;
    const { hal, target } = this;
    const key = createKey(hal.random, hal.crypto);
    this.phase = 'handshake';
    this.heardAtMs = hal.clock.now();
    this.response = new ResponseParser(acceptFor(key, hal.crypto));
    hal.clock.clearTimeout(this.deadline);
    this.deadline = hal.clock.setTimeout(() => this.endBy('timeout', 0, 'no answer to the opening handshake'), HANDSHAKE_TIMEOUT_MS);
    this.blocked = !this.socket.write(buildRequest(target.host, target.port, target.path, key));
    this.handlers.webSocketOnTcp();
  }

  onData(bytes: string): void {
    if (this.hasEnded()) return;
    this.heardAtMs = this.hal.clock.now();
    this.reader().push(bytes);
    if (this.target.readDelayMs === 0) {
      this.readAll();
      return;
    }
    if (!this.paused && this.reader().bufferedBytes() >= PACED_BUFFER_MAX_BYTES) {
      this.paused = true;
      this.socket.pause();
    }
    if (this.pacer === 0) this.readPaced();
  }

  onDrain(): void {
    this.blocked = false;
    if (this.phase !== 'open') return;
    if (this.owedPong !== null) this.pong(this.owedPong);
    if (!this.blocked) this.handlers.webSocketOnDrain();
  }

  onClose(error: NetError | null): void {
    if (error !== null) {
      this.endBy('net', 0, error.message, error.kind);
    } else if (this.pacer !== 0) {
      // What came before the FIN has still to be read at its pace; nothing can be sent any more.
      this.finReceived = true;
      this.blocked = true;
    } else {
      this.endBy('fin', 0, 'server ended TCP');
    }
  }

  /** The handlers have been told of the end. */
  private hasEnded(): boolean {
    return this.phase === 'closing' || this.phase === 'gone';
  }

  private reader(): ResponseParser | FrameParser {
    return this.response === null ? this.frames : this.response;
  }

  /** One read. Bytes of a frame that is still arriving are judged at once: bad text ends the connection before its frame does. */
  private read(): ReadResult {
    const { frames, message } = this;
    const result = this.reader().read();
    if (result === 'more' && frames.arrived !== '' && message.arrive(frames.opcode, frames.arrived) === 'bad') {
      this.fail(message.closeCode, message.failure);
    }
    return result;
  }

  private readAll(): void {
    let result = this.read();
    while (result !== 'more') {
      this.act(result);
      if (this.hasEnded()) return;
      result = this.read();
    }
  }

  /** One read; its effect, and the next read, come after the delay. */
  private readPaced(): void {
    const result = this.read();
    if (result === 'more') {
      this.wantMore();
      return;
    }
    this.pacer = this.hal.clock.setTimeout(() => {
      this.pacer = 0;
      // While the socket is stopped by ourselves its silence says nothing.
      if (this.paused) this.heardAtMs = this.hal.clock.now();
      try {
        this.act(result);
      } finally {
        // Also when the app's handler threw: a stopped socket would never wake this reader again.
        if (!this.hasEnded()) this.readPaced();
      }
    }, this.target.readDelayMs);
  }

  private wantMore(): void {
    if (this.finReceived) {
      this.endBy('fin', 0, 'server ended TCP');
    } else if (this.paused) {
      this.paused = false;
      this.socket.resume();
    }
  }

  private act(result: ReadResult): void {
    if (this.response !== null) {
      this.actOnResponse(this.response, result);
    } else if (result === 'done') {
      this.actOnFrame(this.frames.opcode, this.frames.payload);
    } else if (result === 'bad') {
      this.fail(this.frames.closeCode, this.frames.failure);
    }
  }

  private actOnResponse(response: ResponseParser, result: ReadResult): void {
    if (result === 'bad') {
      this.endBy('protocol', 0, response.failure);
    } else if (result === 'done' && response.status !== 101) {
      this.endBy('http', response.status, `HTTP ${response.status}`, '', response.retryAfterSeconds);
    } else if (result === 'done') {
      this.hal.clock.clearTimeout(this.deadline);
      this.deadline = 0;
      this.response = null;
      this.frames.push(response.rest());
      this.phase = 'open';
      this.handlers.webSocketOnOpen();
    }
  }

  private actOnFrame(opcode: number, payload: string): void {
    switch (opcode) {
      case OPCODE_PING:
        if (this.blocked) this.owedPong = payload;
        else this.pong(payload);
        break;
      case OPCODE_PONG:
        this.handlers.webSocketOnPong(payload);
        break;
      case OPCODE_CLOSE:
        this.answerClose(payload);
        break;
      default:
        this.actOnData(opcode, payload);
    }
  }

  private actOnData(opcode: number, payload: string): void {
    const { frames, message } = this;
    const result = message.add(frames.fin, opcode, payload);
    frames.maxPayloadBytes = MESSAGE_MAX_BYTES - message.pendingBytes;
    if (result === 'done') this.handlers.webSocketOnMessage(message.payload, message.binary);
    else if (result === 'bad') this.fail(message.closeCode, message.failure);
  }

  /** The server closes: its code goes back to it, and TCP's end is its business (RFC 6455 section 7.1.1). */
  private answerClose(body: string): void {
    const code = body.length < 2 ? CLOSE_NO_CODE : decodeCloseCode(body);
    const reason = body.substring(2);
    if (body.length === 1 || (body.length > 1 && !isCloseCode(code))) {
      this.fail(CLOSE_PROTOCOL_ERROR, 'malformed close frame');
    } else if (!isUtf8(reason)) {
      this.fail(CLOSE_INVALID_DATA, 'close reason is not UTF-8');
    } else {
      this.close(body.substring(0, 2), 'close', code, reason);
    }
  }

  private fail(closeCode: number, text: string): void {
    this.close(encodeCloseCode(closeCode), 'protocol', closeCode, text);
  }

  /** Sends the close frame, tells the channel, and gives the server a moment to end TCP, so that the frame is not lost to a reset. */
  private close(body: string, kind: WebSocketEnd['kind'], code: number, text: string): void {
    this.write(OPCODE_CLOSE, body);
    this.stopTimers();
    this.phase = 'closing';
    if (this.paused) this.socket.resume();
    this.deadline = this.hal.clock.setTimeout(() => this.destroy(), CLOSE_TIMEOUT_MS);
    this.handlers.webSocketOnEnd({ kind, code, text, error: '', retryAfterSeconds: 0 });
  }

  /** The end without a closing handshake: there is nobody to have it with. */
  private endBy(
    kind: WebSocketEnd['kind'],
    code: number,
    text: string,
    error: NetErrorKind | '' = '',
    retryAfterSeconds: number = 0,
  ): void {
    const told = this.hasEnded();
    this.destroy();
    if (!told) this.handlers.webSocketOnEnd({ kind, code, text, error, retryAfterSeconds });
  }

  private pong(payload: string): void {
    this.owedPong = null;
    this.write(OPCODE_PONG, payload);
  }

  /** Returns the frame's bytes. */
  private write(opcode: number, payload: string): number {
    const frame = encodeFrame(opcode, payload, this.hal.random.uint32());
    this.blocked = !this.socket.write(frame) || this.finReceived;
    return frame.length;
  }

  private stopTimers(): void {
    this.hal.clock.clearTimeout(this.deadline);
    this.hal.clock.clearTimeout(this.pacer);
    this.deadline = 0;
    this.pacer = 0;
  }
}
