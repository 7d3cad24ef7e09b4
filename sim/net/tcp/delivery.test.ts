/** Whatever the path does: the bytes that were written arrive once and in order, or the connection ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import { DROP } from '../link/rule.ts';
import { BurstLoss } from '../rules/burst-loss.ts';
import { Loss } from '../rules/loss.ts';
import { LINUX, LWIP, type TcpParameters } from './parameters.ts';
import { type End, Pair } from './testing/pair.ts';

const BUSY_MS = 60_000;
/**
 * Longer than any stack resends (lwIP 1151 s, Linux 924 s), and than all that was written takes byte by byte
 * through the smallest window.
 */
const PATIENCE_MS = 12_000_000;

const stack = fc
  .record({
    linux: fc.boolean(),
    sack: fc.boolean(),
    timestamps: fc.boolean(),
    nagle: fc.boolean(),
    receiveBufferBytes: fc.integer({ min: 1, max: 6000 }),
    sendBufferBytes: fc.integer({ min: 1, max: 6000 }),
    mss: fc.integer({ min: 1, max: 1460 }),
  })
  .map(
    ({ linux, sack, timestamps, ...common }): TcpParameters => (linux ? { ...LINUX, ...common, sack, timestamps } : { ...LWIP, ...common }),
  );

const moment = fc.integer({ min: 0, max: BUSY_MS });
const world = fc.record({
  client: stack,
  server: stack,
  phasesMs: fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })),
  lossRate: fc.double({ min: 0, max: 0.6, noNaN: true }),
  burst: fc.integer({ min: 1, max: 20 }),
  jitterMs: fc.integer({ min: 0, max: 400 }),
  heldRate: fc.constantFrom(0, 0, 0.05, 0.4),
  twiceRate: fc.constantFrom(0, 0, 0.05, 0.4),
  mtuBytes: fc.constantFrom(Number.POSITIVE_INFINITY, 576, 700),
  blackouts: fc.array(fc.record({ atMs: moment, forMs: fc.integer({ min: 1, max: 40_000 }) }), { maxLength: 3 }),
  writes: fc.array(fc.record({ atMs: moment, up: fc.boolean(), bytes: fc.integer({ min: 1, max: 600 }) }), { maxLength: 12 }),
  pauses: fc.array(fc.record({ atMs: moment, up: fc.boolean(), forMs: fc.integer({ min: 1, max: 90_000 }) }), { maxLength: 3 }),
  seed: fc.nat(),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** No two places of it look alike from close up. */
function bytesFrom(start: number, count: number): string {
  let text = '';
  for (let index = start; index < start + count; index++) text += String.fromCharCode(33 + ((index * 31 + (index >> 6)) % 90));
  return text;
}

/** Plays the world; returns what each side wrote while it was connected. */
async function play({
  client,
  server,
  phasesMs,
  lossRate,
  burst,
  jitterMs,
  heldRate,
  twiceRate,
  mtuBytes,
  blackouts,
  writes,
  pauses,
  seed,
}: World): Promise<[Pair, string, string]> {
  const pair = new Pair(client, server, phasesMs);
  pair.recordLimit = 0;
  const random = new RandomStreams(seed);
  const losses = { client: random.stream('up'), server: random.stream('down') };
  const rule = (from: 'client' | 'server') => (burst > 1 ? new BurstLoss(lossRate, burst, losses[from]) : new Loss(lossRate, losses[from]));
  const rules = { client: rule('client'), server: rule('server') };
  const jitter = random.stream('jitter');
  pair.delayMs = () => 20 + jitterMs * jitter.next();
  const [held, twice] = [random.stream('held'), random.stream('twice')];
  pair.heldMs = () => (held.next() < heldRate ? 200 * held.next() : 0);
  pair.copies = () => (twice.next() < twiceRate ? 2 : 1);
  pair.mtuBytes = mtuBytes;
  pair.fate = (_packet, from) => {
    const dark = blackouts.some(({ atMs, forMs }) => pair.nowMs >= atMs && pair.nowMs < atMs + forMs);
    // The weather clears in the end: otherwise a connection may last as long as luck has it.
    return !dark && (pair.nowMs > BUSY_MS || rules[from].judge() !== DROP);
  };
  const wrote = { up: '', down: '' };
  pair.connect();
  for (const { atMs, up, bytes } of writes) {
    pair.at(atMs, () => {
      const end = up ? pair.clientEnd : pair.serverEnd;
      if (!end.connected || end.closed !== null) return;
      const direction = up ? 'up' : 'down';
      const text = bytesFrom(wrote[direction].length, bytes);
      wrote[direction] += text;
      end.endpoint!.write(text);
    });
  }
  for (const { atMs, up, forMs } of pauses) pause(pair, up ? pair.clientEnd : pair.serverEnd, atMs, forMs);
  await pair.run(PATIENCE_MS);
  return [pair, wrote.up, wrote.down];
}

function pause(pair: Pair, end: End, atMs: number, forMs: number): void {
  pair.at(atMs, () => {
    end.paused = true;
  });
  pair.at(atMs + forMs, () => end.resume());
}

describe('TCP', () => {
  it('delivers what was written once and in order, or the connection ends', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (settings) => {
        const [{ clientEnd, serverEnd }, up, down] = await play(settings);
        expect(up.startsWith(serverEnd.received)).toBe(true);
        expect(down.startsWith(clientEnd.received)).toBe(true);
        if (clientEnd.closed !== null || !clientEnd.connected) return;
        expect(serverEnd.closed).toBeNull();
        expect(serverEnd.received).toBe(up);
        expect(clientEnd.received).toBe(down);
      }),
      { numRuns: 300 },
    );
  });

  it('ends in order when both sides end, whatever is lost on the way', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (settings) => {
        const pair = new Pair(settings.client, settings.server, settings.phasesMs);
        pair.recordLimit = 0;
        const losses = new RandomStreams(settings.seed).stream('loss');
        await pair.connected();
        if (!pair.clientEnd.connected || !pair.serverEnd.connected) return;
        pair.fate = () => pair.nowMs > BUSY_MS || losses.next() >= settings.lossRate;
        pair.clientEnd.endpoint!.write(bytesFrom(0, 500));
        pair.clientEnd.endpoint!.end();
        pair.serverEnd.onData = () => {
          if (pair.serverEnd.endpoint!.atEnd) pair.serverEnd.endpoint!.end();
        };
        await pair.run(PATIENCE_MS);
        expect(pair.serverEnd.received).toBe(bytesFrom(0, 500));
        expect(pair.clientEnd.closed).toBe('');
        expect(pair.serverEnd.closed).not.toBeNull();
        expect(pair.client.endpointCount + pair.server.endpointCount).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
