/** A relay on a virtual clock with clients in memory, and a record of what its observer was told. */
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { NULL_LOG } from '../log.ts';
import type { RelayObserver } from '../observer.ts';
import { createRelay, type Relay, type RelayDependencies } from '../relay.ts';
import { MemoryConnection } from './memory-connection.ts';
import { TestClient } from './test-client.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

export const EPOCH_MS = 1_700_000_000_000;

export interface TestRelay {
  relay: Relay;
  clock: VirtualClock;
  /** `opened board-1`, `closed board-1 ping_timeout 1011`, `refused board-1 duplicate_id 403`, … */
  events: string[];
  rttsMs: number[];
  /** A connection that has said nothing yet. */
  dial(): TestClient;
  /** The whole handshake for `path`, sent at once. */
  connect(path: string): Promise<TestClient>;
}

/**
 * @param random defaults to 0.5: the second ping comes half an interval after the first @param afterTurn left
 *   out: each frame is written at once
 */
export function createTestRelay(
  config: Partial<RelayConfig> = {},
  random: () => number = () => 0.5,
  afterTurn?: RelayDependencies['afterTurn'],
): TestRelay {
  const clock = new VirtualClock();
  const events: string[] = [];
  const rttsMs: number[] = [];
  const observer: RelayObserver = {
    sessionOpened: ({ id }) => events.push(`opened ${id}`),
    refused: (_stream, id, reason, status) => events.push(`refused ${id} ${reason} ${status}`),
    messageReceived: ({ id }, bytes, binary) => events.push(`received ${id} ${bytes} ${binary ? 'binary' : 'text'}`),
    messageSent: ({ id }, bytes, kind) => events.push(`sent ${id} ${bytes} ${kind}`),
    messageDropped: ({ id }, bytes) => events.push(`dropped ${id} ${bytes}`),
    pingSent: ({ id }, bytes) => events.push(`ping ${id} ${bytes}`),
    pongReceived: ({ id }, rttMs, bytes) => {
      rttsMs.push(rttMs);
      events.push(`pong ${id} ${bytes}`);
    },
    pingAnswered: ({ id }, bytes) => events.push(`answered ${id} ${bytes}`),
    sessionClosed: ({ id }, cause, code) => events.push(`closed ${id} ${cause} ${code}`),
  };
  const relay = createRelay({
    clock,
    epochMs: () => EPOCH_MS + clock.now(),
    random,
    pingPhase: random,
    config: { ...DEFAULT_CONFIG, ...config },
    log: NULL_LOG,
    observer,
    afterTurn,
  });

  const dial = () => {
    const connection = new MemoryConnection();
    relay.server.emit('connection', connection);
    return new TestClient(connection);
  };
  const connect = async (path: string) => {
    const client = dial();
    await client.sendBytes(upgradeRequest(path));
    await settle();
    return client;
  };
  return { relay, clock, events, rttsMs, dial, connect };
}

/** @param changes header lines to replace by name, or to leave out (null) */
export function upgradeRequest(path: string, changes: Record<string, string | null> = {}, method = 'GET'): Buffer {
  const headers = {
    Host: 'relay.example',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]));
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}
