import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawExponential, drawLongTail, quantiles } from './long-tail.ts';
import { RandomStreams } from './random.ts';

const DRAWS = 20_000;

function drawn(draw: (random: () => number) => number): number[] {
  const stream = new RandomStreams(1).stream('test');
  return Array.from({ length: DRAWS }, () => draw(() => stream.next())).sort((a, b) => a - b);
}

it('half of the times are below p50, and one in a hundred above p99', () => {
  const times = drawn((random) => drawLongTail({ p50: 20, p99: 400 }, random));
  expect(times[DRAWS / 2]).toBeCloseTo(20, -1);
  expect(times.filter((ms) => ms > 400).length / DRAWS).toBeCloseTo(0.01, 2);
});

it('gaps have their mean', () => {
  const gaps = drawn((random) => drawExponential(5_000, random));
  expect(gaps.reduce((sum, ms) => sum + ms, 0) / DRAWS / 5_000).toBeCloseTo(1, 1);
});

it('no draw is negative, or more than ten times p99', () => {
  const low = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 0, max: 10_000 }), low, low, (p50, more, a, b) => {
      const rolls = [a, b];
      const ms = drawLongTail({ p50, p99: p50 + more }, () => rolls.shift() as number);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(10 * (p50 + more));
    }),
  );
});

it('reads what it writes, and nothing whose p99 is less than its p50', () => {
  const field = quantiles(1, 10_000);
  expect(field.read(field.write({ p50: 20, p99: 400 }))).toEqual({ p50: 20, p99: 400 });
  expect(field.read({ p50: '2s', p99: '1s' })).toBeNull();
  expect(field.read({ p50: '2s' })).toBeNull();
  expect(field.read('20ms')).toBeNull();
});
