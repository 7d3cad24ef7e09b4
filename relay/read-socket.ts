/**
 * The reading half of a `ws` WebSocket. ws does the opening handshake and decodes and checks every frame; everything after the handshake is *written* by
 * the session itself: one buffer per frame (frame.ts), no empty bodies, and no timer of ws, which would run on real time.
 *
 * ws writes on its own in two cases only: pongs (switched off by `autoPong: false`) and its part of the close handshake, for which it calls its public
 * method `close`. That method is taken over here, so ws never writes, never believes it is closing and never starts its close timer.
 */
import { WebSocket } from 'ws';

export class ReadSocket extends WebSocket {
  /** The peer sent a close frame, with this code or without one. Nothing is read after it. */
  declare onPeerClose: ((code: number | undefined) => void) | undefined;
  /** The peer broke the protocol or a limit and is to be closed with `code`. Nothing is read after it. */
  declare onViolation: ((code: number) => void) | undefined;

  /** ws passes a reason along with the peer's code, and none with its own verdict. */
  override close(code?: number, reason?: string | Buffer): void {
    if (code !== undefined && reason === undefined) this.onViolation?.(code);
    else this.onPeerClose?.(code);
  }
}
