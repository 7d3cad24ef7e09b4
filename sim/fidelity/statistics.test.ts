import { describe, expect, it } from 'vitest';
import { meanInterval, type Published, quantileInterval, shareInterval, shareOver, summarize } from './statistics.ts';

/** Evenly spread from 0 to 100. */
const EVEN: Published = { n: 100, mean: 50, min: 0, p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, 'p99.9': 99.9, max: 100 };

describe('statistics', () => {
  it('interpolates quantiles linearly between samples', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({
      min: 1,
      mean: 2.5,
      p50: 2.5,
      p90: 3.7,
      p95: 3.8499999999999996,
      p99: 3.9699999999999998,
      max: 4,
    });
    expect(summarize([7])).toEqual({ min: 7, mean: 7, p50: 7, p90: 7, p95: 7, p99: 7, max: 7 });
  });

  it('has no figures without samples', () => {
    expect(summarize([])).toEqual({ min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null });
    expect(shareOver([], 1)).toBeNull();
  });

  it('counts what lies strictly over a limit', () => {
    expect(shareOver([1, 2, 3, 4], 2)).toBe(0.5);
  });

  it('gives Wilson’s interval of a share', () => {
    const [low, high] = shareInterval(0.1, 100);
    expect(low).toBeCloseTo(0.0552, 4);
    expect(high).toBeCloseTo(0.1744, 4);
  });

  it.each([
    [8, 2.365],
    [19, 2.101],
    [91, 1.987],
    [3384, 1.961],
  ])('takes Student’s point for the mean of %i samples', (n, point) => {
    const deviation = 100 / Math.sqrt(12);
    const [low, high] = meanInterval({ ...EVEN, n });
    expect((high - low) / 2 / (deviation / Math.sqrt(n))).toBeCloseTo(point, 1);
    expect((high + low) / 2).toBeCloseTo(50, 9);
  });

  it('widens intervals that are to hold together', () => {
    const [alone] = meanInterval(EVEN);
    const [together] = meanInterval(EVEN, 6);
    expect(50 - together).toBeGreaterThan(1.3 * (50 - alone));
  });

  it('gives the ranks that a quantile may have, and stays within the samples', () => {
    const [low, high] = quantileInterval(EVEN, 0.9);
    expect(low).toBeCloseTo(84.12, 2);
    expect(high).toBeCloseTo(95.88, 2);
    expect(quantileInterval(EVEN, 0.99)[1]).toBe(100);
  });
});
