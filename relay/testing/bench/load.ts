/**
 * Clients for a relay under measurement, in the process that measures: one speaks, all others count the
 * frames that come, without ws, which would cost more than it costs the relay to send them. Pings are
 * answered.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from 'host/units';
import { maskedFrame } from '../test-client.ts';
import { upgradeRequest } from '../test-relay.ts';
import { type Ask, HOST, type Kind, type Usage } from './server.ts';

const TEXT = 1;
const PONG = 10;
const MESSAGE = maskedFrame(TEXT, Buffer.from('x'.repeat(16)));
/** All frames here are shorter than 126 bytes: opcode, length, payload. */
const HEADER_BYTES = 2;
/** FIN and opcode 9. */
const PING = 0x89;
/** Connections that are opened at the same time: a listen queue has 511 places. */
const OPENED_TOGETHER = 200;
/** How often the open loop sends what is due. */
const TICK_MS = 1;

export class Load {
  private readonly child: ChildProcess;
  private readonly port: number;
  private receivers: Socket[] = [];
  private sender: Socket | null = null;
  deliveries = 0;
  pings = 0;
  private onReceived: () => void = () => {};
  sent = 0;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  /** @param entry the program that serves when its first argument is a kind */
  static async start(entry: string, kind: Kind, clients: number): Promise<Load> {
    const child = fork(entry, [kind], { execArgv: [...process.execArgv, '--expose-gc'] });
    const [port] = await once(child, 'message');
    const load = new Load(child, port);
    await load.open(clients);
    load.sender = await load.connect('/sender');
    return load;
  }

  get clients(): number {
    return this.receivers.length;
  }

  async usage(ask: Ask = 'at once'): Promise<Usage> {
    this.child.send(ask);
    const [usage] = await once(this.child, 'message');
    return usage;
  }

  /** Opens so many receivers, and returns when all are clients. */
  async open(count: number): Promise<void> {
    let next = this.receivers.length;
    const end = next + count;
    const openOneByOne = async () => {
      while (next < end) this.receivers.push(await this.receive(`/receiver-${next++}`));
    };
    await Promise.all(Array.from({ length: OPENED_TOGETHER }, openOneByOne));
  }

  /** All receivers say that they are alive. */
  pong(): void {
    for (const socket of this.receivers) socket.write(maskedFrame(PONG, Buffer.alloc(0)));
  }

  /** Breaks the connection of all receivers at once. */
  drop(): void {
    for (const socket of this.receivers) socket.removeAllListeners('close').resetAndDestroy();
    this.receivers = [];
  }

  send(messages: number): void {
    this.sent += messages;
    this.sender?.write(Buffer.concat(Array(messages).fill(MESSAGE)));
  }

  /** Closed loop: the next messages when all receivers have all of these. */
  async sendAndWait(messages: number): Promise<void> {
    this.send(messages);
    await this.drain();
  }

  /** Until all that was sent has been received. */
  async drain(): Promise<void> {
    const expected = this.sent * this.clients;
    if (this.deliveries >= expected) return;
    await new Promise<void>((resolve) => {
      this.onReceived = () => this.deliveries >= expected && resolve();
    });
    this.onReceived = () => {};
  }

  /** Until the relay has begun to ping. */
  async pinged(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onReceived = () => this.pings > 0 && resolve();
    });
    this.onReceived = () => {};
  }

  /** Open loop: so many messages a second, evenly, whatever comes back. */
  async sendSteadily(perS: number, durationMs: number): Promise<void> {
    const startMs = performance.now();
    for (let sent = 0, elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startMs) {
      const due = Math.floor((elapsedMs / SECOND_MS) * perS) - sent;
      if (due > 0) this.send(due);
      sent += due;
      await sleep(TICK_MS);
    }
  }

  end(): void {
    this.child.kill('SIGKILL');
    this.drop();
    this.sender?.destroy();
  }

  private async receive(path: string): Promise<Socket> {
    const socket = await this.connect(path);
    // Else what is to be delivered would be waited for without end.
    socket.on('close', () => {
      throw new Error(`the relay let ${path} go`);
    });
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      rest = this.take(socket, rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
      this.onReceived();
    });
    return socket;
  }

  /** @returns what is left behind the last whole frame */
  private take(socket: Socket, bytes: Buffer): Buffer {
    let at = 0;
    for (let end = 0; ; at = end) {
      end = at + HEADER_BYTES + (bytes[at + 1] ?? bytes.length);
      if (end > bytes.length) return bytes.subarray(at);
      if (bytes[at] === PING) {
        this.pings++;
        socket.write(maskedFrame(PONG, bytes.subarray(at + HEADER_BYTES, end)));
      } else this.deliveries++;
    }
  }

  private async connect(path: string): Promise<Socket> {
    const socket = connect(this.port, HOST);
    socket.on('error', () => {}); // at the end, when the relay is killed
    socket.setNoDelay();
    socket.write(upgradeRequest(path));
    const [answer] = await once(socket, 'data');
    if (!String(answer).startsWith('HTTP/1.1 101')) throw new Error(`no connection for ${path}: ${String(answer).split('\r\n')[0]}`);
    return socket;
  }
}
