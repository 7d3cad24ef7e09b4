/**
 * What takes real time, or thousands of tries, with a relay on a virtual clock: random bytes, a byte a
 * second, races for one id, and the memory that waits.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBound } from '../admission/memory-bound.ts';
import { Outlet } from '../session/outlet.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { maskedFrame, type TestClient } from '../testing/test-client.ts';
import { createTestRelay, type TestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle } from '../testing/virtual-clock.ts';

/** How many streams are tried; ABUSE_SECONDS asks for more. */
const STREAMS = 10_000 * Math.max(1, Number(process.env.ABUSE_SECONDS ?? 1));
const AT_ONCE = 100;
const TIMEOUT = { timeout: (STREAMS / 10_000) * 120_000 };

const frame = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.uint8Array({ maxLength: 140 }), fc.boolean())
  .map(([opcode, payload, fin]) => maskedFrame(opcode, payload, fin));
const garbage = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
/** A frame or a request with a byte of it changed. */
const broken = fc
  .tuple(fc.oneof(frame, fc.constant(upgradeRequest('/fuzz'))), fc.nat(), fc.integer({ min: 0, max: 255 }))
  .map(([bytes, at, value]) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = value;
    return copy;
  });
const stream = fc.record({
  isClient: fc.boolean(),
  chunks: fc.array(fc.oneof(garbage, frame, broken), { minLength: 1, maxLength: 6 }),
  end: fc.constantFrom('FIN', 'RST', 'nothing'),
});
type Stream = typeof stream extends fc.Arbitrary<infer T> ? T : never;

async function play(test: TestRelay, streams: readonly Stream[]): Promise<MemoryConnection[]> {
  const dialled = streams.map(({ isClient, ...rest }, i) => {
    const { connection } = test.dial();
    if (isClient) connection.push(upgradeRequest(`/fuzz-${i}`));
    return { connection, ...rest };
  });
  await settle();
  const longest = Math.max(...streams.map(({ chunks }) => chunks.length));
  for (let round = 0; round < longest; round++) {
    for (const { connection, chunks } of dialled) if (round < chunks.length && !connection.destroyed) connection.push(chunks[round]);
    await settle();
  }
  for (const { connection, end } of dialled) {
    if (end === 'FIN' && !connection.destroyed) connection.push(null);
    if (end === 'RST') connection.destroy();
  }
  return dialled.map(({ connection }) => connection);
}

/** Stops the relay, and lets the time pass that it gives to those who do not take part. */
async function stop({ relay, clock }: TestRelay): Promise<void> {
  const stopped = relay.close();
  await clock.advance(10_000);
  await stopped;
  expect([relay.clients, relay.pending, clock.pending]).toEqual([0, 0, 0]);
}

describe('random bytes', () => {
  it(
    `in ${STREAMS.toLocaleString('en')} streams, before a handshake and after it, cost nobody else a message and leave nothing behind`,
    TIMEOUT,
    async () => {
      const test = createTestRelay({ pingIntervalMs: 0 });
      const [one, two] = [await test.connect('/one'), await test.connect('/two')];
      let sent = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(stream, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' }), async (streams) => {
          const connections = await play(test, streams);
          await one.send(`still here ${++sent}`);
          expect(two.texts.filter((text) => text.startsWith('Mes from one: '))).toEqual([`Mes from one: still here ${sent}`]);
          for (const { connection } of [one, two]) connection.writes.length = 1;
          // Whoever has not ended by itself is ended by its deadline, or holds a session that is its own.
          await test.clock.advance(20_000);
          expect(test.relay.pending).toBe(0);
          for (const connection of connections) connection.destroy();
          await settle();
          expect([test.relay.clients, test.clock.pending]).toEqual([2, 0]);
          test.events.length = 0;
        }),
        { numRuns: STREAMS / AT_ONCE, endOnFailure: true },
      );
      await stop(test);
    },
  );
});

describe('a byte a second', () => {
  it('is a handshake that never comes to an end: cut off at its deadline, 100 of them at once', async () => {
    const { clock, dial, connect, events, relay } = createTestRelay();
    const slow = Array.from({ length: 100 }, () => dial());
    const request = upgradeRequest('/slow');
    for (let at = 0; at < 10; at++) {
      for (const { connection } of slow) if (!connection.destroyed) connection.push(request.subarray(at, at + 1));
      await clock.advance(1_000);
    }
    expect(slow.every(({ connection }) => connection.destroyed)).toBe(true);
    expect(events).toEqual(Array(100).fill('refused  timeout 0'));
    expect([relay.pending, (await connect('/quick')).status]).toEqual([0, 101]);
  });

  it('of a message cannot be told from a dead link: no pong fits in between', async () => {
    const { clock, connect, events } = createTestRelay();
    const client = await connect('/slow');
    const message = maskedFrame(1, Buffer.alloc(100, 'x'));
    for (let at = 0; at < 50 && !client.connection.destroyed; at++) {
      client.connection.push(message.subarray(at, at + 1));
      await clock.advance(1_000);
    }
    expect(events.filter((event) => event.startsWith('closed'))).toEqual(['closed slow ping_timeout 1011']);
    expect(clock.pending).toBe(0);
  });
});

describe('a race for one id', () => {
  it.each(['reject', 'takeover'] as const)('has one winner at a time, however its steps fall (%s)', async (duplicateId) => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom('close', 'FIN', 'RST', 'stay'), { minLength: 2, maxLength: 6 }),
        async (s, ends) => {
          const test = createTestRelay({ duplicateId, pingIntervalMs: 0 });
          const request = upgradeRequest('/one');
          const steps = ends.map((end, i) => {
            const client = test.dial();
            return [
              { label: `${i} asks`, builder: () => step(client, request.subarray(0, 40)) },
              { label: `${i} is done`, builder: () => step(client, request.subarray(40)) },
              { label: `${i} ${end}`, builder: () => step(client, end) },
            ];
          });
          for (const one of steps) s.scheduleSequence(one);
          await s.waitAll();
          await settle();
          expect(openAfter(test.events)).toBe(test.relay.clients);
          await test.clock.advance(20_000);
          expect(test.relay.pending).toBe(0);
          await stop(test);
        },
      ),
      { numRuns: 200 },
    );
  });
});

async function step({ connection }: TestClient, act: Buffer | string): Promise<void> {
  if (connection.destroyed) return;
  if (act instanceof Buffer) connection.push(act);
  else if (act === 'close') connection.push(maskedFrame(8, Buffer.from([0x03, 0xe8])));
  else if (act === 'FIN') connection.push(null);
  else if (act === 'RST') connection.destroy();
  await settle();
}

/**
 * Walks through what the relay told: never two sessions of the id at a time. @returns how many are open in
 * the end
 */
function openAfter(events: readonly string[]): number {
  let open = 0;
  for (const event of events) {
    if (event.startsWith('opened one')) open++;
    if (event.startsWith('closed one')) open--;
    expect([0, 1]).toContain(open);
  }
  return open;
}

describe('what waits for clients that do not read', () => {
  it('is counted as high as the memory that it takes, also for the smallest frames', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const memory = async () => {
      for (let i = 0; i < 3; i++) {
        collect();
        await settle();
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const outlets = Array.from({ length: 100 }, () => {
      const connection = new MemoryConnection();
      connection.stopReading();
      return new Outlet(connection, { turn: null, memory: new MemoryBound(Number.POSITIVE_INFINITY) });
    });
    const before = await memory();
    for (const outlet of outlets) while (outlet.waitingBytes < 200_000) outlet.send(Buffer.from('Mes from sender: sixteen bytes!'));
    const held = (await memory()) - before;
    const counted = outlets.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
    expect(held).toBeLessThan(counted);
    // And not so high that it says nothing.
    expect(held).toBeGreaterThan(counted / 6);
  });
});
