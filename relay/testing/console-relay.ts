/**
 * A relay with a console on a virtual clock, clients and browsers in memory. What a page is told comes as
 * parsed messages.
 */
import { once } from 'node:events';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { type ConsoleParts, createConsole, type RelayConsole } from '../console/console.ts';
import type { ToPage } from '../console/protocol.ts';
import { NULL_LOG } from '../log.ts';
import { createRelay, type Relay } from '../relay.ts';
import { MemoryConnection } from './memory-connection.ts';
import { TestClient } from './test-client.ts';
import { EPOCH_MS, upgradeRequest } from './test-relay.ts';
import { VirtualClock } from './virtual-clock.ts';

export const LOOPBACK = { Host: '127.0.0.1:8000', Origin: 'http://127.0.0.1:8000' };
/** Whole, of text. */
const TEXT_FRAME = 0x81;

export interface ConsoleRelay {
  relay: Relay;
  clock: VirtualClock;
  console: RelayConsole;
  connect(path: string, headers?: Record<string, string | null>): Promise<TestClient>;
  /** The whole answer to a plain request. */
  ask(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<string>;
  /** A page that has the stream open. */
  watch(headers?: Record<string, string | null>): Promise<TestPage>;
}

export interface TestPage {
  client: TestClient;
  /** All that it was told. */
  told(): ToPage[];
  ask(request: unknown): Promise<ToPage | undefined>;
}

export function createConsoleRelay(parts: Partial<ConsoleParts> = {}, changes: Partial<RelayConfig> = {}): ConsoleRelay {
  const clock = new VirtualClock();
  const epochMs = () => EPOCH_MS + clock.now();
  const config = { ...DEFAULT_CONFIG, ...changes };
  const operations = { kick: (id: string): boolean => relay.kick(id) };
  const console = createConsole({ clock, epochMs, config, token: null, operations, ...parts });
  const { observer, pages, upgrades } = console;
  console.start();
  const relay: Relay = createRelay({
    clock,
    epochMs,
    random: () => 0.5,
    pingPhase: () => 0,
    config,
    log: NULL_LOG,
    observer,
    pages,
    upgrades,
  });
  const dial = () => {
    const connection = new MemoryConnection();
    relay.server.emit('connection', connection);
    return new TestClient(connection);
  };
  const connect: ConsoleRelay['connect'] = async (path, headers = {}) => {
    const client = dial();
    await client.sendBytes(upgradeRequest(path, headers));
    return client;
  };
  const ask: ConsoleRelay['ask'] = async (method, path, headers = {}, body = '') => {
    const client = dial();
    const all = { Host: LOOPBACK.Host, 'Content-Length': String(body.length), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    await client.sendBytes(Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`));
    // Files are read from the disk, which takes as long as it takes.
    if (!client.connection.writableFinished) await once(client.connection, 'finish');
    return client.connection.writes.join('');
  };
  const watch: ConsoleRelay['watch'] = async (headers = {}) => {
    const client = await connect('/console/stream', { ...LOOPBACK, ...headers });
    const told = () => textsOf(Buffer.concat(client.connection.writes.slice(1))).map((text) => JSON.parse(text) as ToPage);
    const askPage = async (request: unknown) => {
      await client.send(typeof request === 'string' ? request : JSON.stringify(request));
      return told().at(-1);
    };
    return { client, told, ask: askPage };
  };
  return { relay, clock, console, connect, ask, watch };
}

/** ws writes head and payload of a frame one after the other. */
function textsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1];
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes[at] === TEXT_FRAME) texts.push(bytes.toString('utf8', at + head, at + head + length));
    at += head + length;
  }
  return texts;
}
