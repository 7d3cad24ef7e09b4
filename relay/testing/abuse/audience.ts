/** Many clients that mean well and only listen: they read all that comes, answer pings, and know how many of them were hung up on. Without ws, which would cost more than the relay. */
import type { Socket } from 'node:net';
import { maskedFrame } from '../test-client.ts';
import { joinAll } from './attackers.ts';

const PONG = 10;
/** FIN and opcode 9. */
const PING = 0x89;
/** All frames here are shorter than 126 bytes: opcode, length, payload. */
const HEADER_BYTES = 2;

export class Audience {
  deliveries = 0;
  disconnects = 0;
  readonly sockets: readonly Socket[];

  private constructor(sockets: readonly Socket[]) {
    this.sockets = sockets;
    for (const socket of sockets) {
      let rest: Buffer = Buffer.alloc(0);
      socket.on('data', (bytes) => {
        rest = this.#take(socket, rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
      });
      socket.on('close', () => this.disconnects++);
    }
  }

  static async join(port: number, count: number): Promise<Audience> {
    return new Audience(await joinAll(port, count, 'listener'));
  }

  /** @returns what is left behind the last whole frame */
  #take(socket: Socket, bytes: Buffer): Buffer {
    let at = 0;
    for (let end = 0; ; at = end) {
      end = at + HEADER_BYTES + (bytes[at + 1] ?? bytes.length);
      if (end > bytes.length) return bytes.subarray(at);
      if (bytes[at] === PING) socket.write(maskedFrame(PONG, bytes.subarray(at + HEADER_BYTES, end)));
      else this.deliveries++;
    }
  }
}
