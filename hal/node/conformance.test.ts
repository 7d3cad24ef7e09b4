/**
 * The HAL's contract on the Node backend, against real servers on loopback. What a computer's Wi-Fi cannot
 * do, being lost, is left out by name.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { I2cDevice, OneWireDevice } from '../bench/device.ts';
import { CONFORMANCE, type PeerConnection, type PeerServer, RIG_FILES, type Rig, runCase } from '../conformance.ts';
import type { Hal, Level, ResetReason } from '../index.ts';
import { openSilentServer, type SilentServer } from '../testing/silent-server.ts';
import { createNodeBoard, FolderFiles, MemoryFiles, NodeBench, type NodeBoard } from './index.ts';

const HOST = '127.0.0.1';

class Peer implements PeerConnection {
  received = '';
  ended = false;
  closed = false;
  private readonly tcp: TcpSocket;

  constructor(tcp: TcpSocket) {
    this.tcp = tcp;
    tcp.setEncoding('latin1');
    tcp.on('data', (bytes) => {
      this.received += bytes;
    });
    tcp.on('end', () => {
      this.ended = true;
    });
    tcp.on('close', () => {
      this.closed = true;
    });
    tcp.on('error', () => {});
  }

  write(bytes: string): void {
    this.tcp.write(bytes, 'latin1');
  }

  end(): void {
    this.tcp.end();
  }

  reset(): void {
    this.tcp.resetAndDestroy();
  }
}

class NodeRig implements Rig {
  readonly host = HOST;
  readonly unknownHost = 'nobody.invalid';
  readonly accessPoint = { ssid: 'any', password: '' };
  readonly pins = [2, 4] as const;
  readonly namesErrors = true;
  readonly readsAfterEnd = true;
  readonly holdsPeerBack = true;
  readonly refusedPort: number;
  readonly silent: SilentServer;
  readonly sleepsLightly = true;
  boots = 0;
  private readonly files = new MemoryFiles(RIG_FILES);
  private readonly bench = new NodeBench();
  readonly uartSent: Record<number, string> = {};
  private board: NodeBoard = this.boot('power_on');
  private readonly sockets: TcpSocket[] = [];
  private readonly servers: Server[] = [];

  constructor(refusedPort: number, silent: SilentServer) {
    this.refusedPort = refusedPort;
    this.silent = silent;
  }

  get hal(): Hal {
    return this.board.hal;
  }

  drivePin(pin: number, level: Level): void {
    this.bench.pins.drive(pin, level);
  }

  pwmOf(pin: number) {
    return this.bench.pins.pwmOf(pin);
  }

  setVoltage(pin: number, mv: number): void {
    this.bench.adc.connect(pin, () => mv);
  }

  connectI2c(address: number, device: I2cDevice): void {
    this.bench.i2c.connect(address, device);
  }

  connectOneWire(pin: number, device: OneWireDevice): void {
    this.bench.oneWire.connect(pin, device);
  }

  loopSpi(): void {
    this.bench.spi.connect(null, (bytes) => bytes);
  }

  sendUart(port: number, bytes: string): void {
    this.bench.uart.receive(port, bytes);
  }

  advance(ms: number): Promise<void> {
    return delay(ms);
  }

  async listen(): Promise<PeerServer> {
    const connections: Peer[] = [];
    const server = createServer({ allowHalfOpen: true }, (tcp) => {
      this.sockets.push(tcp);
      connections.push(new Peer(tcp));
    });
    this.servers.push(server);
    return { port: await openPort(server), connections };
  }

  stop(): void {
    this.board.requestStop();
  }

  async close(): Promise<void> {
    this.board.switchOff();
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) server.close();
    await this.silent.close();
  }

  private boot(resetReason: ResetReason): NodeBoard {
    this.boots++;
    const onReset = (reason: ResetReason) => {
      this.board = this.boot(reason);
    };
    const onUart = (port: number, bytes: string) => {
      this.uartSent[port] = (this.uartSent[port] ?? '') + bytes;
    };
    return createNodeBoard({ files: this.files, bench: this.bench, log: { line() {}, event() {} }, resetReason, onReset, onUart });
  }
}

function openPort(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port)));
}

/** Nobody listens there any more. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await openPort(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function makeRig(needs: string | undefined): Promise<Rig> {
  const silent = needs === 'silent' ? await openSilentServer() : { host: HOST, port: 0, close: async () => {} };
  return new NodeRig(await freePort(), silent);
}

it.concurrent.for(CONFORMANCE)('$name', async (testCase, { skip }) => {
  if (!(await runCase(testCase, () => makeRig(testCase.needs)))) skip('the Wi-Fi of a computer is not ours to lose');
});

function record(files: Record<string, string> = {}, uniqueId?: string) {
  const lines: string[] = [];
  const pins: string[] = [];
  const log = { line: (text: string) => lines.push(text), event() {} };
  const board = createNodeBoard({ files, log, onPin: (pin, level) => pins.push(`${pin}=${level}`), ...(uniqueId ? { uniqueId } : {}) });
  onTestFinished(() => board.switchOff());
  return { board, lines, pins };
}

it('a line that was UTF-8 bytes is logged as text', () => {
  const { board, lines } = record();
  board.hal.log.line('gr\xc3\xbc\xc3\x9fe');
  expect(lines).toEqual(['grüße']);
});

it('a driven pin is shown to whoever looks at the board', () => {
  const { board, pins } = record();
  board.hal.gpio.write(2, 1);
  board.hal.gpio.write(2, 0);
  expect(pins).toEqual(['2=1', '2=0']);
});

it('boards that share a computer can be told apart', () => {
  expect(record({}, '240ac4000001').board.hal.system.uniqueId()).toBe('240ac4000001');
  expect(record().board.hal.system.uniqueId()).toBe(record().board.hal.system.uniqueId());
});

it('storage has no file that an object merely inherits', () => {
  expect(record().board.hal.storage.read('constructor')).toBeNull();
});

it('files in a folder survive the board, take the place of what it carries, and are written beside their place first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const carried = { 'config.json': '{}', other: 'carried' };
  const files = new FolderFiles(folder, carried);
  expect([files.read('config.json'), files.read('none'), files.list()]).toEqual(['{}', null, []]);
  expect(files.write('other', 'gr\xfc\xdfe')).toBe(true);
  const again = new FolderFiles(folder, carried);
  expect([again.read('other'), again.list(), readFileSync(join(folder, 'other'), 'latin1')]).toEqual([
    'gr\xfc\xdfe',
    ['other'],
    'gr\xfc\xdfe',
  ]);
  again.erase('other');
  expect([again.read('other'), again.list()]).toEqual(['carried', []]);
  expect(() => again.read('../x')).toThrow('storage.read: name');
});

it('a port that cannot be ends with one onClose, later', async () => {
  const { board } = record();
  const closed: unknown[] = [];
  const handlers = { onConnect() {}, onData() {}, onDrain() {}, onClose: (error: unknown) => closed.push(error) };
  board.hal.net.connect(HOST, 70_000, handlers);
  expect(closed).toEqual([]);
  await delay(20);
  expect(closed).toEqual([expect.objectContaining({ kind: 'other' })]);
});

it('bytes that never left are no reason to ask for more', async () => {
  const { board } = record();
  const told: string[] = [];
  const handlers = {
    onConnect: () => told.push('connect'),
    onData: () => told.push('data'),
    onDrain: () => told.push('drain'),
    onClose: () => told.push('close'),
  };
  expect(board.hal.net.connect(HOST, await freePort(), handlers).write('x'.repeat(65_536))).toBe(false);
  await delay(50);
  expect(told).toEqual(['close']);
});

it('switched off, nothing runs any more and nothing keeps the process', async () => {
  const { board } = record();
  const told: string[] = [];
  const server = createServer((tcp) => tcp.on('error', () => {}).write('hello'));
  onTestFinished(() => void server.close());
  const handlers = {
    onConnect: () => told.push('connect'),
    onData: () => told.push('data'),
    onDrain() {},
    onClose: () => told.push('close'),
  };
  const port = await openPort(server);
  board.hal.net.connect(HOST, port, handlers);
  board.hal.clock.setTimeout(() => told.push('timer'), 5);
  board.switchOff();
  board.hal.clock.setTimeout(() => told.push('late timer'), 5);
  board.hal.net.connect(HOST, port, handlers);
  await delay(50);
  expect(told).toEqual([]);
});
