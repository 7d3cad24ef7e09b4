/**
 * The reading half of a `ws` WebSocket. ws does the opening handshake and decodes and checks every frame; everything after the handshake is *written* by
 * the session itself: one buffer per frame (frame.ts), no empty bodies, and no timer of ws, which would run on real time.
 *
 * ws writes on its own in two cases only: pongs (switched off by `autoPong: false`) and its part of the close handshake, for which it calls its public
 * method `close`. That method is taken over here, so ws never writes, never believes it is closing and never starts its close timer.
 */
import { WebSocket } from 'ws';

/** Who is told what a socket reads. One object in place of listeners for each event: a relay has thousands of sockets, and storms of them. */
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
  /** To be set once, before anything can be read. Only declared: a field costs each connection more than it looks. */
  declare reader: Reader;

  /** ws passes a reason along with the peer's code, and none with its own verdict. */
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined && reason === undefined) this.reader.peerOnViolation(code);
    else this.reader.peerOnClose(code);
  }

  /** What ws has to say goes straight to the reader. `error` repeats what peerOnViolation was told, `open` and `close` are the session's own affair. */
  override emit(event: string | symbol, payload?: Buffer, binary?: boolean): boolean {
    // ws is left at its default binaryType, so a message is always one Buffer.
    if (event === 'message') this.reader.messageOnRead(payload as Buffer, binary as boolean);
    else if (event === 'ping') this.reader.pingOnRead(payload as Buffer);
    else if (event === 'pong') this.reader.pongOnRead(payload as Buffer);
    return true;
  }
}
