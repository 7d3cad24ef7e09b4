/**
 * One WebSocket (RFC 6455, client) over one TCP connection: opening handshake, frames, ping and pong, closing
 * handshake, each wait bounded.
 *
 * Made for one life: after its end a new attempt takes a new client. Sends each message as one frame and
 * offers no extension. Does not retry, ping by itself or queue messages; that is the channel's.
 */
import type { Hal, NetError, NetErrorKind, Socket, SocketHandlers, TimerId, TlsSettings } from 'hal';
import { CLOSE_NO_CODE, encodeCloseCode } from './close.ts';
import { encodeFrame, OPCODE_BINARY, OPCODE_CLOSE, OPCODE_PING, OPCODE_PONG, OPCODE_TEXT } from './frame.ts';
import { acceptFor, buildRequest, createKey, type RequestTarget, type ResponseParser } from './handshake.ts';
import { type ReaderHandlers, WebSocketReader } from './reader.ts';

/**
 * TCP connect, ms. lwIP on an ESP32 gives up after 18 s (6 SYNs of 3 s, or 12 of 1.5 s); a little later the
 * platform has forgotten to say so.
 */
export const CONNECT_TIMEOUT_MS = 20000;
/**
 * From TCP's connect to the end of the response's head, ms. What Python `websockets` allows; a relay answers
 * within two round trips.
 */
export const HANDSHAKE_TIMEOUT_MS = 10000;
/** From our close frame to the server's FIN, ms. Only frees the socket: the channel has gone on by then. */
export const CLOSE_TIMEOUT_MS = 2000;
/**
 * Largest message in either direction, bytes; the relay's `--max-payload` has the same default. A fifth of an
 * ESP32's memory under Espruino.
 */
export const MESSAGE_MAX_BYTES = 65536;
/** Characters of a redirect's Location that are told. */
const LOCATION_SHOWN_MAX = 128;
/** A board's clock before this has not been set, ms since 1970: 2020. Boards wake up in 1970 or 2000. */
const CLOCK_SET_MIN_MS = 1577836800000;

/** What is kept of a refusal's body, characters: its first line, to name the cause and for the log. */
const REFUSAL_MAX_CHARACTERS = 80;

/**
 * How a client ended. `code` is the close code or the HTTP status where there is one, `text` is for people
 * and may hold the peer's words; of an error `tls` it is the TlsFailure.
 */
export interface WebSocketEnd {
  /**
   * `close`: the server's close frame · `fin`: TCP ended without one · `net`: TCP failed · `http`: a status
   * other than 101 · `protocol`: RFC 6455 was broken
   */
  kind: 'close' | 'fin' | 'net' | 'http' | 'protocol' | 'timeout';
  code: number;
  text: string;
  /** For `net`. */
  error: NetErrorKind | '';
  /** For `http`: the server's Retry-After, ms; 0 = none, or a date that this board cannot place. */
  retryAfterMs: number;
  /** For `http`: `Location` as the server wrote it, else ''. */
  redirect: string;
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
  /**
   * Exactly once and last, unless `destroy` came first. The socket may still live for a moment to end
   * politely.
   */
  webSocketOnEnd(end: WebSocketEnd): void;
}

export interface WebSocketTarget extends RequestTarget {
  /** ms between two reads; 0 = as data comes. */
  readDelayMs: number;
}

/** `closing`: our close frame is out, or the server's came; only the socket's end is waited for. */
type Phase = 'connecting' | 'handshake' | 'open' | 'closing' | 'gone';

export class WebSocketClient implements SocketHandlers, ReaderHandlers {
  /** True after a write until the platform wants more: what is sent now waits in its memory. */
  blocked: boolean = false;
  private phase: Phase = 'connecting';
  private readonly hal: Hal;
  private readonly target: WebSocketTarget;
  private readonly handlers: WebSocketHandlers;
  private readonly socket: Socket;
  private readonly reader: WebSocketReader;
  /** The latest ping that could not be answered yet; older ones need no answer (RFC 6455 section 5.5.3). */
  private owedPong: string | null = null;
  private deadline: TimerId;
  private finReceived: boolean = false;

  /** @param tls null: plain TCP */
  constructor(hal: Hal, target: WebSocketTarget, tls: TlsSettings | null, handlers: WebSocketHandlers) {
    this.hal = hal;
    this.target = target;
    this.handlers = handlers;
    this.deadline = hal.clock.setTimeout(() => this.endBy('timeout', 0, 'no TCP connection'), CONNECT_TIMEOUT_MS);
    this.socket = hal.net.connect(target.host, target.port, this, tls);
    this.reader = new WebSocketReader(hal.clock, this.socket, target.readDelayMs, MESSAGE_MAX_BYTES, this);
  }

  /** When the server last proved to be alive, by the HAL's clock: any bytes count. */
  get heardAtMs(): number {
    return this.reader.heardAtMs;
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
    this.hal.clock.clearTimeout(this.deadline);
    this.reader.stop();
    this.socket.destroy();
  }

  onConnect(): void {
    if (this.phase !== 'connecting') return;
    const { hal, target } = this;
    const key = createKey(hal.random, hal.crypto);
    this.phase = 'handshake';
    this.reader.expect(acceptFor(key, hal.crypto), target.askedProtocol);
    this.wait(HANDSHAKE_TIMEOUT_MS, () => this.endBy('timeout', 0, 'no answer to the opening handshake'));
    this.blocked = !this.socket.write(buildRequest(target, key));
    this.handlers.webSocketOnTcp();
  }

  onData(bytes: string): void {
    this.reader.push(bytes);
  }

  onDrain(): void {
    this.blocked = false;
    if (this.phase !== 'open') return;
    if (this.owedPong !== null) this.pong(this.owedPong);
    if (!this.blocked) this.handlers.webSocketOnDrain();
  }

  onClose(error: NetError | null): void {
    if (error !== null) {
      this.endBy('net', 0, error.tls === undefined ? error.message : error.tls, error.kind);
      return;
    }
    // Nothing can be sent any more, whatever has still to be read.
    this.finReceived = true;
    this.blocked = true;
    this.reader.end();
  }

  readerOnResponse(response: ResponseParser, body: string): void {
    if (response.status !== 101) {
      this.endByStatus(response, body);
      return;
    }
    this.hal.clock.clearTimeout(this.deadline);
    this.deadline = 0;
    this.phase = 'open';
    this.handlers.webSocketOnOpen();
  }

  readerOnPing(payload: string): void {
    if (this.blocked) this.owedPong = payload;
    else this.pong(payload);
  }

  readerOnPong(payload: string): void {
    this.handlers.webSocketOnPong(payload);
  }

  readerOnMessage(payload: string, binary: boolean): void {
    this.handlers.webSocketOnMessage(payload, binary);
  }

  /** The server closes: its code goes back to it, and TCP's end is its business (RFC 6455 section 7.1.1). */
  readerOnClose(code: number, reason: string): void {
    this.close(code, 'close', reason);
  }

  readerOnBad(closeCode: number, failure: string): void {
    if (closeCode === 0) this.endBy('protocol', 0, failure);
    else this.close(closeCode, 'protocol', failure);
  }

  readerOnFin(): void {
    this.endBy('fin', 0, 'server ended TCP');
  }

  /**
   * Sends the close frame, tells the channel, and gives the server a moment to end TCP, so that the frame is
   * not lost to a reset.
   */
  private close(code: number, kind: WebSocketEnd['kind'], text: string): void {
    this.write(OPCODE_CLOSE, code === CLOSE_NO_CODE ? '' : encodeCloseCode(code));
    this.reader.stop();
    this.phase = 'closing';
    if (this.reader.paused) this.socket.resume();
    this.wait(CLOSE_TIMEOUT_MS, () => this.destroy());
    this.handlers.webSocketOnEnd({ kind, code, text, error: '', retryAfterMs: 0, redirect: '' });
  }

  private endByStatus({ status, retryAfter, dateValue, locationValue }: ResponseParser, body: string): void {
    const { wallClock } = this.hal;
    let text = `HTTP ${status}`;
    const said = body.substring(0, REFUSAL_MAX_CHARACTERS).split('\n')[0].trim();
    // Without the query, which may hold a secret.
    if (locationValue === '') text += said === '' ? '' : `: ${said}`;
    else text += ` to ${locationValue.split('?')[0].substring(0, LOCATION_SHOWN_MAX)}`;
    let waitMs = Number(retryAfter) * 1000 || 0;
    const untilMs = wallClock.parse(retryAfter);
    if (untilMs > 0) {
      // By the server's own clock, if it tells: neither has to be right then.
      const nowMs = wallClock.parse(dateValue) || wallClock.now();
      if (nowMs < CLOCK_SET_MIN_MS) text += ', Retry-After is a date and the clock is not set';
      else waitMs = untilMs - nowMs;
    }
    this.endBy('http', status, text, '', Math.max(waitMs, 0), locationValue);
  }

  /** The end without a closing handshake: there is nobody to have it with. */
  private endBy(
    kind: WebSocketEnd['kind'],
    code: number,
    text: string,
    error: NetErrorKind | '' = '',
    retryAfterMs: number = 0,
    redirect: string = '',
  ): void {
    // Whether the handlers have been told of the end.
    const told = this.phase === 'closing' || this.phase === 'gone';
    this.destroy();
    if (!told) this.handlers.webSocketOnEnd({ kind, code, text, error, retryAfterMs, redirect });
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

  /** The one deadline, in place of the last. */
  private wait(limitMs: number, late: () => void): void {
    const { clock } = this.hal;
    clock.clearTimeout(this.deadline);
    this.deadline = clock.setTimeout(late, limitMs);
  }
}
