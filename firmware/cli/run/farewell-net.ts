/**
 * A net that can say goodbye: one close frame (RFC 6455 section 5.5.1) behind everything that was written,
 * and nothing after it.
 *
 * A board loses its power without a word. An app on a computer is stopped by somebody who may be watching the
 * relay, and there the end of a client that was told to go should not look like a crash. The firmware knows
 * nothing of it; it sees the server's answer as any server's close.
 */
import type { Hal, Net, Random, Socket } from 'hal';
import { encodeCloseCode } from '../../websocket/close.ts';
import { encodeFrame, OPCODE_CLOSE } from '../../websocket/frame.ts';

/** The endpoint goes away (section 7.4.1). */
const CLOSE_GOING_AWAY = 1001;

export class FarewellNet implements Net {
  private readonly net: Net;
  private readonly random: Random;
  /** The latest: a channel has one at a time. */
  private socket: Socket | null = null;
  private said = false;

  constructor({ net, random }: Pick<Hal, 'net' | 'random'>) {
    this.net = net;
    this.random = random;
  }

  connect(...[host, port, handlers, tls]: Parameters<Net['connect']>): Socket {
    const socket = this.net.connect(host, port, handlers, tls);
    this.socket = socket;
    return {
      // Section 5.5.1: no frame may follow the close frame.
      write: (bytes) => this.said || socket.write(bytes),
      end: () => socket.end(),
      destroy: () => socket.destroy(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    };
  }

  /** Only while a WebSocket is open on the latest socket. A second call does nothing. */
  sayGoodbye(): void {
    if (this.said || this.socket === null) return;
    this.said = true;
    this.socket.write(encodeFrame(OPCODE_CLOSE, encodeCloseCode(CLOSE_GOING_AWAY), this.random.uint32()));
  }
}
