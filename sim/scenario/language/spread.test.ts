import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import { drawMs, durationOrSpread, middleMs, type Spread } from './spread.ts';

const field = durationOrSpread(1, 3_600_000);

const spread = fc.oneof(
  fc.integer({ min: 1, max: 360_000 }).map((meanMs): Spread => ({ kind: 'exponential', meanMs })),
  fc
    .tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 350_000 }))
    .map(([p50Ms, more]): Spread => ({ kind: 'log-normal', p50Ms, p99Ms: p50Ms + more })),
  fc
    .tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 350_000 }))
    .map(([minMs, more]): Spread => ({ kind: 'uniform', minMs, maxMs: minMs + more })),
);

function drawn(one: Spread, count: number, seed = 1): number[] {
  const stream = new RandomStreams(seed).stream('test');
  return Array.from({ length: count }, () => drawMs(one, stream)).sort((a, b) => a - b);
}

describe('a duration that is drawn', () => {
  it('reads back as it is written', () => {
    fc.assert(
      fc.property(spread, (one) => {
        expect(field.read(field.write(one))).toEqual(one);
      }),
    );
  });

  it('stays within its bounds, to the microsecond, and the same seed draws the same', () => {
    fc.assert(
      fc.property(spread, fc.nat(), (one, seed) => {
        const times = drawn(one, 50, seed);
        const most = one.kind === 'uniform' ? one.maxMs : 10 * (one.kind === 'exponential' ? one.meanMs : one.p99Ms);
        for (const ms of times) {
          expect(ms).toBeGreaterThanOrEqual(1);
          expect(ms).toBeLessThanOrEqual(most);
          expect(Math.round(ms * 1_000) / 1_000).toBe(ms);
        }
        expect(drawn(one, 50, seed)).toEqual(times);
      }),
    );
  });

  it.each<[string, Spread]>([
    ['exponential', { kind: 'exponential', meanMs: 10_000 }],
    ['log-normal', { kind: 'log-normal', p50Ms: 20_000, p99Ms: 300_000 }],
    ['uniform', { kind: 'uniform', minMs: 5_000, maxMs: 60_000 }],
  ])('of kind %s has the middle that it says', (_kind, one) => {
    const times = drawn(one, 20_000);
    expect(times[10_000] / middleMs(one)).toBeCloseTo(1, 1);
  });

  it('has the mean, and the p99, that it was given', () => {
    const exponential = drawn({ kind: 'exponential', meanMs: 10_000 }, 20_000);
    expect(exponential.reduce((sum, ms) => sum + ms, 0) / 20_000 / 10_000).toBeCloseTo(1, 1);
    const logNormal = drawn({ kind: 'log-normal', p50Ms: 20_000, p99Ms: 300_000 }, 20_000);
    expect(logNormal[19_800] / 300_000).toBeGreaterThan(0.9);
    expect(logNormal[19_800] / 300_000).toBeLessThan(1.1);
  });

  it('may name its bounds in any order', () => {
    expect(field.read({ p99: '5m', p50: '20s' })).toEqual({ kind: 'log-normal', p50Ms: 20_000, p99Ms: 300_000 });
    expect(field.read({ max: '5m', min: '20s' })).toEqual({ kind: 'uniform', minMs: 20_000, maxMs: 300_000 });
  });

  it.each([
    {},
    { mean: 10 },
    { mean: '10m', spread: 'normal' },
    { mean: '0s' },
    { p50: '20s' },
    { p50: '5m', p99: '20s' },
    { min: '1s', max: '2h' },
    { min: '5s', max: '1m', spread: 'exponential' },
    { p50: '1s', max: '2s' },
    ['1s'],
  ])('is not %j', (value) => {
    expect(field.read(value)).toBeNull();
  });
});
