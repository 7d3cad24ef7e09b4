/**
 * The reading half of a `ws` WebSocket. ws does the opening handshake and decodes and checks every frame; everything after the handshake is *written* by
 * the session itself: one buffer per frame (frame.ts), no empty bodies, and no timer of ws, which would run on real time.
 *
 * ws writes on its own in two cases only: pongs (switched off by `autoPong: false`) and its part of the close handshake, for which it calls its public
 * method `close`. That method is taken over here, so ws never writes, never believes it is closing and never starts its close timer.
 */
import { type RawData, WebSocket } from 'ws';

/** Who is told what a socket reads. One object in place of a closure for each event: a relay has thousands of sockets. */
export interface Reader {
  messageOnRead(payload: Buffer, binary: boolean): void;
  pingOnRead(payload: Buffer): void;
  pongOnRead(payload: Buffer): void;
  /** The peer sent a close frame, with this code or without one. Nothing is read after it. */
  peerOnClose(code: number | undefined): void;
  /** The peer broke the protocol or a limit and is to be closed with `code`. Nothing is read after it. */
  peerOnViolation(code: number): void;
}

export class ReadSocket extends WebSocket {
  /** Only declared: ws has set it up by the time that anybody reads. */
  declare reader: Reader;

  /** To be called once, before anything can be read. */
  readBy(reader: Reader): void {
    this.reader = reader;
    this.on('message', socketOnMessage);
    this.on('ping', socketOnPing);
    this.on('pong', socketOnPong);
    this.on('error', socketOnError);
  }

  /** ws passes a reason along with the peer's code, and none with its own verdict. */
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined && reason === undefined) this.reader.peerOnViolation(code);
    else this.reader.peerOnClose(code);
  }
}

type Listener<E extends unknown[]> = (this: WebSocket, ...event: E) => void;

const readerOf = (socket: WebSocket): Reader => (socket as ReadSocket).reader;

/** ws is left at its default binaryType, so a message is always one Buffer. */
const socketOnMessage: Listener<[RawData, boolean]> = function (payload, binary) {
  readerOf(this).messageOnRead(payload as Buffer, binary);
};

const socketOnPing: Listener<[Buffer]> = function (payload) {
  readerOf(this).pingOnRead(payload);
};

const socketOnPong: Listener<[Buffer]> = function (payload) {
  readerOf(this).pongOnRead(payload);
};

/** ws repeats here what peerOnViolation was told. */
function socketOnError(): void {}
