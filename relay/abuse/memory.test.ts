/**
 * Clients that make the relay hold as much as they can, over real sockets: it holds what they sent and little
 * more, and all together no more than it may, measured on its heap.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dial, join, joinAll } from '../testing/abuse/attackers.ts';
import { Company } from '../testing/abuse/company.ts';
import { type Holdings, RelayProcess } from '../testing/abuse/relay-process.ts';
import { maskedFrame } from '../testing/test-client.ts';

const MEMBERS = 4;
const MAX_MEMORY_BYTES = 24 * 1024 ** 2;
/** As in floods.test.ts: what a collection leaves, and code that was compiled on the way, bytes. */
const MEMORY_SLACK_BYTES = 2_000_000;
/** What an idle client takes (README, Speed), bytes. */
const IDLE_CLIENT_BYTES = 9_500;
/** As in fan-out.test.ts. */
const P99_MS = 3_000;
const TIMEOUT = { timeout: 180_000 };
const [CONTINUATION, TEXT, BINARY] = [0, 1, 2];

let relay: RelayProcess;
let company: Company;

beforeAll(async () => {
  relay = await RelayProcess.start({ envelope: 'raw', maxMemoryBytes: MAX_MEMORY_BYTES, handshakeTimeoutMs: 60_000, pingIntervalMs: 0 });
  company = await Company.join(relay.port, MEMBERS);
  // The first storm pays for code that is compiled on the way.
  for (const socket of await joinAll(relay.port, 500, 'warm')) socket.destroy();
  await quiet();
}, TIMEOUT.timeout);

afterAll(() => {
  company?.leave();
  relay?.stop();
});

/** Until the relay has dealt with what was sent: its counts and its memory stay as they are. */
async function quiet(): Promise<Holdings> {
  for (let before = ''; ; ) {
    const holdings = await relay.holdings();
    const now = JSON.stringify([holdings.clients, holdings.pending, holdings.counts, Math.round(holdings.memoryBytes / 100_000)]);
    if (now === before) return holdings;
    before = now;
    await sleep(200);
  }
}

async function withstand(attack: () => Promise<Socket[]>): Promise<{ before: Holdings; during: Holdings; attackers: Socket[] }> {
  await company.experience();
  const before = await quiet();
  const attackers = await attack();
  const during = await quiet();
  const { p99Ms, ...experience } = await company.experience();
  expect(experience).toMatchObject({ lost: 0, disconnects: 0 });
  expect(p99Ms).toBeLessThan(P99_MS);
  return { before, during, attackers };
}

it('500 messages of which 1,001 fragments of a byte have come take little more memory than that', TIMEOUT, async () => {
  const bytes = Buffer.concat([
    maskedFrame(TEXT, Buffer.from('x'), false),
    ...Array(1_000).fill(maskedFrame(CONTINUATION, Buffer.from('x'), false)),
  ]);
  const { before, during, attackers } = await withstand(async () => {
    const sockets = await joinAll(relay.port, 500, 'unfinished');
    // In many reads, each of which would be kept for what is left of it.
    for (let at = 0; at < bytes.length; at += 701) {
      for (const socket of sockets) socket.write(bytes.subarray(at, at + 701));
      await sleep(1);
    }
    return sockets;
  });
  const held = during.memoryBytes - before.memoryBytes;
  expect(during.clients).toBe(MEMBERS + 500);
  expect(held).toBeLessThan(500 * (IDLE_CLIENT_BYTES + 2 * bytes.length) + MEMORY_SLACK_BYTES);
  for (const socket of attackers) socket.destroy();
});

it('unfinished messages and handshakes together keep to the bound', TIMEOUT, async () => {
  const { before, during, attackers } = await withstand(async () => {
    const handshakes = Array.from({ length: 500 }, () => dial(relay.port));
    for (const socket of handshakes) socket.write(`GET /half HTTP/1.1\r\n${'A:b\r\n'.repeat(1_000)}`);
    const unfinished = await joinAll(relay.port, 600, 'half');
    const half = maskedFrame(BINARY, Buffer.alloc(60_000)).subarray(0, 50_000);
    for (const socket of unfinished) socket.write(half);
    return [...handshakes, ...unfinished];
  });
  const held = during.memoryBytes - before.memoryBytes;
  expect(held).toBeLessThan(MAX_MEMORY_BYTES + 600 * IDLE_CLIENT_BYTES + MEMORY_SLACK_BYTES);
  // And the bound is no smaller than it says.
  expect(held).toBeGreaterThan(MAX_MEMORY_BYTES / 2);
  // Unfinished messages go first: handshakes hold less, and clients that keep nothing back nothing.
  expect(during.counts['policy 1013']).toBeGreaterThan(100);
  expect(during.counts.memory_full).toBeUndefined();
  const [newcomer, answer] = await join(relay.port, 'newcomer');
  expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  for (const socket of [...attackers, newcomer]) socket.destroy();
});
