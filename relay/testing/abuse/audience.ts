/**
 * Many clients that mean well and only listen, in a process of their own: they read all that comes, answer
 * pings, and know how many of them were hung up on. Without ws, which would cost more than the relay.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { maskedFrame } from '../test-client.ts';
import { joinAll } from './attackers.ts';

const PONG = 10;
/** FIN and opcode 9. */
const PING = 0x89;
/** All frames here are shorter than 126 bytes: opcode, length, payload. */
const HEADER_BYTES = 2;

export interface Heard {
  clients: number;
  deliveries: number;
  disconnects: number;
}

export class Audience {
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  static async join(port: number, count: number): Promise<Audience> {
    const child = fork(__filename, [String(port), String(count)], { execArgv: ['--import', 'tsx'] });
    await once(child, 'message');
    return new Audience(child);
  }

  async heard(): Promise<Heard> {
    this.child.send('heard');
    const [heard] = await once(this.child, 'message');
    return heard;
  }

  leave(): void {
    this.child.kill('SIGKILL');
  }
}

async function listen(port: number, count: number): Promise<void> {
  const heard: Heard = { clients: 0, deliveries: 0, disconnects: 0 };
  await joinAll(port, count, 'listener', (socket) => {
    heard.clients++;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      rest = take(heard, socket, rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
    });
    socket.on('close', () => heard.disconnects++);
  });
  process.on('disconnect', () => process.exit());
  process.on('message', () => process.send?.(heard));
  process.send?.(heard);
}

/** @returns what is left behind the last whole frame */
function take(heard: Heard, socket: Socket, bytes: Buffer): Buffer {
  let at = 0;
  for (let end = 0; ; at = end) {
    end = at + HEADER_BYTES + (bytes[at + 1] ?? bytes.length);
    if (end > bytes.length) return bytes.subarray(at);
    if (bytes[at] === PING) socket.write(maskedFrame(PONG, bytes.subarray(at + HEADER_BYTES, end)));
    else heard.deliveries++;
  }
}

if (require.main === module) void listen(Number(process.argv[2]), Number(process.argv[3]));
