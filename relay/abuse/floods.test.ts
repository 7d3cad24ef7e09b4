/**
 * Clients that mean harm, over real sockets of this computer: whatever they do, those who mean well lose
 * nothing and wait for nothing, and when it is over the relay holds what it held before. ABUSE_SECONDS makes
 * each flood longer than a second.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dial, flood, join, joinAll, push } from '../testing/abuse/attackers.ts';
import { Company } from '../testing/abuse/company.ts';
import { type Holdings, RelayProcess } from '../testing/abuse/relay-process.ts';
import { maskedFrame } from '../testing/test-client.ts';
import { upgradeRequest } from '../testing/test-relay.ts';

/**
 * No keepalive notices it. A quiet computer needs a twentieth; a busy one shares its cores between relay,
 * attackers and clients.
 */
const P99_MS = 1_000;
const MEMBERS = 4;
const MAX_BUFFERED_BYTES = 100_000;
/**
 * What a collection leaves one way or the other, and code that was compiled on the way, bytes. 1,000
 * forgotten sessions would be three times that.
 */
const MEMORY_SLACK_BYTES = 2_000_000;
/** By then every deadline of the relay below is over, with time for a busy computer, ms. */
const CALM_MS = 15_000;
const TIMEOUT = { timeout: 60_000 * Math.max(1, Number(process.env.ABUSE_SECONDS ?? 1)) };
const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];

let relay: RelayProcess;
let company: Company;
let before: Holdings;

beforeAll(async () => {
  relay = await RelayProcess.start({
    envelope: 'raw',
    maxPending: 1_500,
    maxMessageRate: 200,
    maxBufferedBytes: MAX_BUFFERED_BYTES,
    maxHeaderBytes: 2_048,
    handshakeTimeoutMs: 1_000,
    closeTimeoutMs: 1_000,
    pingIntervalMs: 500,
    pingTimeoutMs: 5_000,
  });
  company = await Company.join(relay.port, MEMBERS);
  // The first storm pays for code that is compiled on the way.
  for (const socket of await joinAll(relay.port, 1_000, 'warm')) socket.destroy();
  await calm();
  before = await relay.holdings();
}, TIMEOUT.timeout);

afterAll(() => {
  company?.leave();
  relay?.stop();
});

/** Until only those who mean well are connected and hold no more than `maxBytes`, or time is up. */
async function calm(maxBytes = Infinity): Promise<Holdings> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const holdings = await relay.holdings();
    const isCalm = holdings.clients === MEMBERS && holdings.pending === 0 && holdings.memoryBytes < maxBytes;
    if (isCalm || waitedMs >= CALM_MS) return holdings;
    await sleep(100);
  }
}

/** @returns what was counted meanwhile, by its name */
async function withstand(attack: () => Promise<Socket[]>): Promise<(name: string) => number> {
  await company.experience();
  const { counts: start } = await relay.holdings();
  const attackers = await attack();
  const { p99Ms, ...experience } = await company.experience();
  expect(experience).toMatchObject({ lost: 0, disconnects: 0 });
  expect(experience.received).toBeGreaterThan(MEMBERS * MEMBERS);
  expect(p99Ms).toBeLessThan(P99_MS);
  for (const socket of attackers) socket.destroy();
  const maxBytes = before.memoryBytes + MEMORY_SLACK_BYTES;
  const after = await calm(maxBytes);
  expect(after).toMatchObject({ clients: MEMBERS, pending: 0, sockets: before.sockets, timers: before.timers });
  expect(after.memoryBytes).toBeLessThan(maxBytes);
  return (name) => (after.counts[name] ?? 0) - (start[name] ?? 0);
}

it('connections that say nothing, or half a request, keep no newcomer out', TIMEOUT, async () => {
  const sockets: Socket[] = [];
  const counted = await withstand(async () => {
    const knock = () => {
      for (let i = 0; i < 20; i++) {
        const socket = dial(relay.port);
        if (i % 2 === 0) socket.write('GET /half HTTP/1.1\r\nHost:');
        sockets.push(socket);
      }
    };
    await flood(knock);
    while (sockets.length < 3_000) knock();
    const [newcomer, answer] = await join(relay.port, 'newcomer');
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    return [...sockets, newcomer];
  });
  expect(counted('pending_full') + counted('timeout')).toBeGreaterThan(1_000);
});

it('headers without end are cut off, however slowly they come', TIMEOUT, async () => {
  const line = Buffer.from(`X-Header: ${'x'.repeat(20)}\r\n`);
  const counted = await withstand(async () => {
    const sockets = Array.from({ length: 100 }, () => dial(relay.port));
    for (const socket of sockets) socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n');
    await flood(() => {
      for (const socket of sockets) push(socket, line);
    });
    return sockets;
  });
  expect(counted('large_headers') + counted('timeout')).toBe(100);
});

it('requests that are pipelined, 20,000 on a connection, cost no more than one', TIMEOUT, async () => {
  const bytes = Buffer.from('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20_000));
  let asked = 0;
  const counted = await withstand(async () => {
    const sockets: Socket[] = [];
    await flood(() => {
      const socket = dial(relay.port);
      socket.resume();
      socket.end(bytes);
      sockets.push(socket);
      asked++;
    });
    return sockets;
  });
  expect(counted('pages')).toBeGreaterThan(10);
  expect(counted('pages')).toBeLessThanOrEqual(asked);
});

it.each([
  ['a message that announces more than anybody has', Buffer.from([0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4]), 1],
  ['messages that are a byte too large', maskedFrame(TEXT, Buffer.alloc(65_537, 'x')), 1],
  ['a message of endless empty fragments', maskedFrame(CONTINUATION, Buffer.alloc(0), false), 500],
  ['a message of endless fragments of a byte', maskedFrame(CONTINUATION, Buffer.from('x'), false), 500],
  ['garbage', Buffer.alloc(1_000, 0xa5), 1],
])('%s: sent again and again, each by a new connection', TIMEOUT, async (_what, frame, times) => {
  const bytes = Buffer.concat([upgradeRequest('/'), maskedFrame(TEXT, Buffer.from('x'), times === 1), ...Array(times).fill(frame)]);
  const counted = await withstand(async () => {
    const sockets: Socket[] = [];
    await flood(() => {
      for (let i = 0; i < 3; i++) {
        const socket = dial(relay.port);
        push(socket, bytes);
        for (let more = 0; more < 3; more++) push(socket, Buffer.concat(Array(times).fill(frame)));
        sockets.push(socket);
      }
    });
    return sockets;
  });
  expect(counted('policy 1009') + counted('policy 1008') + counted('protocol_error 1002')).toBeGreaterThan(10);
});

it.each([
  ['pings', maskedFrame(PING, Buffer.alloc(125, 'x'))],
  ['pings without content', maskedFrame(PING, Buffer.alloc(0))],
  ['pongs that nobody asked for', maskedFrame(PONG, Buffer.alloc(125, 'x'))],
  ['messages', maskedFrame(TEXT, Buffer.from('x'))],
])('a flood of %s ends with 1008, whether its sender reads or not', TIMEOUT, async (_what, frame) => {
  const bytes = Buffer.concat(Array(100).fill(frame));
  const counted = await withstand(async () => {
    const sockets = await joinAll(relay.port, 10, 'flooder');
    for (const socket of sockets.slice(0, 5)) socket.pause();
    await flood(() => {
      for (const socket of sockets) push(socket, bytes);
    });
    return sockets;
  });
  expect(counted('policy 1008')).toBe(10);
});

it('1,000 clients that close at once, with a close frame, FIN or RST, and come back at once, three times', TIMEOUT, async () => {
  const goodbye = maskedFrame(CLOSE, Buffer.from([0x03, 0xe8]));
  const counted = await withstand(async () => {
    for (let storm = 0; storm < 3; storm++) {
      const sockets = await joinAll(relay.port, 1_000, `storm-${storm}`);
      expect(sockets).toHaveLength(1_000);
      for (const [i, socket] of sockets.entries()) {
        if (i % 3 === 0) socket.write(goodbye);
        else if (i % 3 === 1) socket.end();
        else socket.resetAndDestroy();
      }
    }
    return [];
  });
  expect(counted('peer_closed 1000')).toBe(3 * 334);
  expect(counted('peer_closed 1006') + counted('reset 1006')).toBe(3 * 666);
});

it('clients that read nothing make the relay hold what it may for each, and not more', TIMEOUT, async () => {
  const stopped = 5;
  let heldBytes = 0;
  const counted = await withstand(async () => {
    const sockets = await joinAll(relay.port, stopped + 1, 'stopped');
    const [speaker, ...others] = sockets;
    speaker.resume();
    for (const socket of others) socket.pause();
    const { memoryBytes, counts } = await relay.holdings();
    // As much as the limit of messages a second lets through: first the buffers of the operating system get
    // full, some MB for each.
    for (let dropped = 0, i = 0; dropped < 100 && i < 100; i++) {
      for (let large = 0; large < 7; large++) push(speaker, maskedFrame(BINARY, Buffer.alloc(50_000)));
      for (let small = 0; small < 3; small++) push(speaker, maskedFrame(BINARY, Buffer.alloc(31)));
      await sleep(60);
      dropped = ((await relay.holdings()).counts.dropped ?? 0) - (counts.dropped ?? 0);
    }
    heldBytes = (await relay.holdings()).memoryBytes - memoryBytes;
    return sockets;
  });
  expect(counted('dropped')).toBeGreaterThanOrEqual(100);
  expect(heldBytes).toBeLessThan(stopped * MAX_BUFFERED_BYTES + MEMORY_SLACK_BYTES);
});
