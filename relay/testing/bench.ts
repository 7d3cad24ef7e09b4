/**
 * `npm run bench:relay`: what a delivery costs the relay, in CPU time of a process of its own, over real sockets of this computer.
 *
 * Three relays under the same load: a naive one that calls `send(string)` for each client, ours with a write for each frame, and ours as the command line runs
 * it, with what a client gets in one turn of the event loop written together. Closed loop: a client sends messages in bundles of 32, the next bundle when all
 * receivers have all of the one before. Open loop: so many messages a second, whatever comes back. Times on shared machines are noisy: compare within one run.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { DEFAULT_CONFIG } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import { createRealClock } from '../real-clock.ts';
import { createRelay } from '../relay.ts';
import { listen } from '../server.ts';
import { maskedFrame } from './test-client.ts';
import { upgradeRequest } from './test-relay.ts';

const KINDS = ['naive', 'each', 'together'] as const;
type Kind = (typeof KINDS)[number];

const HOST = '127.0.0.1';
const TEXT = 1;
const MESSAGE = 'x'.repeat(16);
/** Header and `Mes from sender: ` before it. */
const DELIVERY_BYTES = 2 + 'Mes from sender: '.length + MESSAGE.length;
const BUNDLE = 32;
const CLOSED_LOOP_MS = 3_000;
const OPEN_LOOP_MS = 4_000;
const OPEN_LOOP_PER_S = 100;
const TICK_MS = 10;

async function serve(kind: Kind): Promise<void> {
  const server = kind === 'naive' ? naiveServer() : ourServer(kind);
  await listen(server, HOST, 0);
  process.on('message', () => process.send?.(process.cpuUsage()));
  process.send?.((server.address() as AddressInfo).port);
}

function naiveServer() {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url = '/' }) => {
    socket.on('message', (data) => {
      socket.send('Server got your message!');
      for (const other of sockets.clients) if (other !== socket) other.send(`Mes from ${url.slice(1)}: ${data}`);
    });
  });
  return server;
}

function ourServer(kind: Kind) {
  return createRelay({
    clock: createRealClock(),
    epochMs: () => 0,
    random: () => 0.5,
    config: { ...DEFAULT_CONFIG, maxMessageRate: 1_000_000 },
    log: NULL_LOG,
    ...(kind === 'together' && { afterTurn: setImmediate }),
  }).server;
}

/** Receivers that only count bytes, as to decode would cost more than it costs the relay to send. */
class Load {
  readonly #child: ChildProcess;
  readonly #receivers: Socket[];
  readonly #sender: Socket;
  #receivedBytes = 0;
  #onReceived: () => void = () => {};

  constructor(child: ChildProcess, receivers: Socket[], sender: Socket) {
    this.#child = child;
    this.#receivers = receivers;
    this.#sender = sender;
    sender.on('data', () => {});
    for (const socket of receivers) {
      socket.on('data', ({ length }) => {
        this.#receivedBytes += length;
        this.#onReceived();
      });
    }
  }

  get deliveries(): number {
    return this.#receivedBytes / DELIVERY_BYTES;
  }

  async cpuUs(): Promise<number> {
    this.#child.send('cpu');
    const [{ user, system }] = await once(this.#child, 'message');
    return user + system;
  }

  async sendAndWait(messages: number): Promise<void> {
    const expected = this.deliveries + messages * this.#receivers.length;
    const all = new Promise<void>((resolve) => {
      this.#onReceived = () => this.deliveries >= expected && resolve();
    });
    this.send(messages);
    await all;
  }

  send(messages: number): void {
    this.#sender.write(Buffer.concat(Array(messages).fill(maskedFrame(TEXT, Buffer.from(MESSAGE)))));
  }

  end(): void {
    this.#child.kill();
    for (const socket of [...this.#receivers, this.#sender]) socket.destroy();
  }
}

async function startLoad(kind: Kind, clients: number): Promise<Load> {
  const child = fork(__filename, [kind]);
  const [port] = await once(child, 'message');
  const receivers: Socket[] = [];
  for (let i = 0; i < clients; i++) receivers.push(await open(port, `/receiver-${i}`));
  return new Load(child, receivers, await open(port, '/sender'));
}

async function open(port: number, path: string): Promise<Socket> {
  const socket = connect(port, HOST);
  socket.on('error', () => {}); // at the end, when the relay is killed
  socket.write(upgradeRequest(path));
  await once(socket, 'data');
  return socket;
}

/** @returns CPU microseconds per delivery, and deliveries per second */
async function measure(load: Load, act: () => Promise<void>): Promise<{ cpuUs: number; perS: number }> {
  const [startUs, startMs, before] = [await load.cpuUs(), performance.now(), load.deliveries];
  await act();
  const count = load.deliveries - before;
  const elapsedS = (performance.now() - startMs) / 1_000;
  return { cpuUs: ((await load.cpuUs()) - startUs) / count, perS: count / elapsedS };
}

async function compare(clients: number): Promise<void> {
  for (const kind of KINDS) {
    const load = await startLoad(kind, clients);
    await load.sendAndWait(BUNDLE); // warm
    const closed = await measure(load, async () => {
      const endMs = performance.now() + CLOSED_LOOP_MS;
      while (performance.now() < endMs) await load.sendAndWait(BUNDLE);
    });
    const open = await measure(load, async () => {
      for (let elapsedMs = 0; elapsedMs < OPEN_LOOP_MS; elapsedMs += TICK_MS) {
        load.send((OPEN_LOOP_PER_S * TICK_MS) / 1_000);
        await sleep(TICK_MS);
      }
      await load.sendAndWait(1);
    });
    load.end();
    process.stdout.write(`${clients} clients, ${kind.padEnd(8)}  closed loop ${format(closed)}  open loop ${format(open)}\n`);
  }
}

function format({ cpuUs, perS }: { cpuUs: number; perS: number }): string {
  return `${cpuUs.toFixed(2).padStart(6)} us CPU a delivery, ${Math.round(perS).toLocaleString('en').padStart(9)}/s`;
}

async function main(): Promise<void> {
  for (const clients of [200, 1_000]) await compare(clients);
}

const [kind] = process.argv.slice(2) as Kind[];
if (kind === undefined) void main();
else void serve(kind);
