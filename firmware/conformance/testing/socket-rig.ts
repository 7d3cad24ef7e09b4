/**
 * Any client at all under the suite, over real sockets of this computer: in this process, in another, or on a
 * board's engine.
 *
 * Cannot know when the client has done all it does at once, so it waits until the client has been quiet for a
 * while. What is written in pieces may arrive in one, and the other way round.
 */
import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rig, Wire } from '../rig.ts';

const HOST = '127.0.0.1';
/** A client that has to be started, or waits before it comes back, gets this long to connect, ms. */
const CONNECT_LIMIT_MS = 20_000;
const POLL_MS = 5;

interface ClientProgram {
  /** Lets the client connect to `host:port` once; does nothing for one that comes back by itself. */
  connect(host: string, port: number): void;
  /** After so long without a byte the client has nothing more to say, ms, */
  readonly quietMs: number;
  /** and so much longer for each KiB that it was sent, ms. */
  readonly quietMsPerKib: number;
}

export interface SocketRig extends Rig {
  close(): void;
}

export async function openSocketRig(program: ClientProgram): Promise<SocketRig> {
  const waiting: SocketWire[] = [];
  let current: SocketWire | null = null;
  // The client's FIN must not be answered before the case says so.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    waiting.push(new SocketWire(socket, program));
  });
  const port = await listen(server);
  return {
    digest: (text) => createHash('sha1').update(text, 'latin1').digest('base64'),
    connect: async () => {
      // A client that has one connection at a time is not free before.
      current?.destroy();
      program.connect(HOST, port);
      await until(() => waiting.some(isReady), CONNECT_LIMIT_MS);
      // One that came early may have lost its patience.
      current = waiting.splice(0, waiting.findIndex(isReady) + 1).pop() ?? null;
      if (current === null) throw new Error('client does not connect');
      return current;
    },
    close: () => {
      for (const wire of [...waiting, current]) wire?.destroy();
      server.close();
    },
  };
}

function isReady({ received, ended }: SocketWire): boolean {
  return !ended && received.includes('\r\n\r\n');
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)));
}

async function until(isTrue: () => boolean, limitMs: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < limitMs && !isTrue(); waitedMs += POLL_MS) await delay(POLL_MS);
}

class SocketWire implements Wire {
  received = '';
  ended = false;
  private readonly socket: Socket;
  private readonly program: ClientProgram;
  private writtenBytes = 0;

  constructor(socket: Socket, program: ClientProgram) {
    this.socket = socket;
    this.program = program;
    const onEnd = () => {
      this.ended = true;
    };
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (bytes) => {
      this.received += bytes;
    });
    // A client that resets has ended it too.
    socket.on('end', onEnd).on('close', onEnd).on('error', onEnd);
  }

  write(bytes: string): void {
    this.writtenBytes += bytes.length;
    if (!this.socket.writableEnded && !this.socket.destroyed) this.socket.write(bytes, 'latin1');
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  async settle(): Promise<void> {
    const limitMs = this.program.quietMs + (this.program.quietMsPerKib * this.writtenBytes) / 1024;
    this.writtenBytes = 0;
    let [quietMs, receivedBytes] = [0, this.received.length];
    while (quietMs < limitMs && !this.ended) {
      await delay(POLL_MS);
      const isQuiet = this.received.length === receivedBytes && this.socket.writableLength === 0;
      quietMs = isQuiet ? quietMs + POLL_MS : 0;
      receivedBytes = this.received.length;
    }
  }

  /** Less, when the client ends TCP. */
  pass(ms: number): Promise<void> {
    return until(() => this.ended, ms);
  }
}
