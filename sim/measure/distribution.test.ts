import fc from 'fast-check';
import Histogram from 'hdr-histogram-js/dist/Float64Histogram.js';
import { describe, expect, it } from 'vitest';
import { Distribution, IntegerHistogram } from './distribution.ts';

function of(samplesUs: number[]): Distribution {
  const distribution = new Distribution();
  for (const us of samplesUs) distribution.record(us);
  return distribution;
}

describe('a distribution', () => {
  it('has no numbers but a count of 0 when it is empty', () => {
    expect(of([]).summary()).toEqual({ count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null });
    expect(of([]).bins()).toEqual([]);
  });

  it('speaks milliseconds with at most three decimals', () => {
    expect(of([1, 2, 4]).summary()).toEqual({
      count: 3,
      min: 0.001,
      mean: 0.002,
      p50: 0.002,
      p90: 0.004,
      p95: 0.004,
      p99: 0.004,
      max: 0.004,
    });
  });

  it('never reports a quantile beyond its samples', () => {
    const { p50, p99, max } = of([1_234_567]).summary();
    expect([p50, p99, max]).toEqual([1234.567, 1234.567, 1234.567]);
  });

  it('takes zeros in bulk', () => {
    const distribution = of([5000]);
    distribution.recordZeros(999);
    distribution.recordZeros(-5);
    expect(distribution.summary()).toMatchObject({ count: 1000, min: 0, p99: 0, max: 5, mean: 0.005 });
  });

  it('is all zeros when nothing else was recorded', () => {
    const distribution = of([]);
    distribution.recordZeros(3);
    expect(distribution.summary()).toEqual({ count: 3, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 });
    expect(distribution.bins()).toEqual([{ fromMs: 0, toMs: 0.1, count: 3 }]);
  });

  it('takes durations far beyond its first range', () => {
    const month = 30 * 86_400_000_000;
    expect(of([1, month]).summary()).toMatchObject({ min: 0.001, max: month / 1000 });
  });

  it('counts an integer where the library does', () => {
    const [ours, library] = [new IntegerHistogram(1, 60_000_000, 3), new Histogram(1, 60_000_000, 3)];
    const near = (power: number, off: number) => Math.max(0, 2 ** power + off);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(2 ** 31 - 1),
          fc.maxSafeNat(),
          fc.tuple(fc.nat(45), fc.integer({ min: -2, max: 2 })).map(([a, b]) => near(a, b)),
        ),
        (us) => {
          expect(ours.countsArrayIndex(us)).toBe(library.countsArrayIndex(us));
        },
      ),
    );
  });

  it('refuses what is not a duration', () => {
    expect(() => of([Number.NaN])).toThrow('a duration of NaN µs');
    expect(() => of([-1])).toThrow('a duration of -1 µs');
  });

  it('gives exact count, least, greatest and mean, and quantiles within 0.2 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 1, maxLength: 200 }), (samples) => {
        const sorted = [...samples].sort((a, b) => a - b);
        const summary = of(samples).summary();
        expect(summary.count).toBe(samples.length);
        expect(summary.min).toBe(sorted[0] / 1000);
        expect(summary.max).toBe(sorted[sorted.length - 1] / 1000);
        const mean = samples.reduce((sum, us) => sum + us, 0) / samples.length / 1000;
        expect(Math.abs((summary.mean ?? Number.NaN) - mean)).toBeLessThan(0.000_501);
        for (const [name, percent] of [
          ['p50', 50],
          ['p90', 90],
          ['p95', 95],
          ['p99', 99],
        ] as const) {
          const exact = sorted[Math.ceil((percent * samples.length) / 100) - 1] / 1000;
          expect(Math.abs((summary[name] ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.002 + 0.001);
        }
      }),
    );
  });

  it('has adjoining bars that hold every sample', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { minLength: 1, maxLength: 50 }), (samples) => {
        const bins = of(samples).bins();
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(samples.length);
        expect(bins[0].count).toBeGreaterThan(0);
        expect(bins[bins.length - 1].count).toBeGreaterThan(0);
        for (let index = 1; index < bins.length; index++) expect(bins[index].fromMs).toBe(bins[index - 1].toMs);
        // A bar may begin inside one of the histogram's buckets, which are 0.1 % wide.
        expect(bins[0].fromMs * 0.999).toBeLessThanOrEqual(Math.min(...samples) / 1000);
        expect(bins[bins.length - 1].toMs * 1.001).toBeGreaterThan(Math.max(...samples) / 1000);
      }),
    );
  });
});
