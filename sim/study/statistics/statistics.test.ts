import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, estimate, studentPoint } from './statistics.ts';

/**
 * The share of Student's distribution up to t, by Simpson's rule over its density: nothing that statistics.ts
 * uses.
 */
function studentCdf(t: number, freedom: number): number {
  const density = (x: number) => (1 + x ** 2 / freedom) ** (-(freedom + 1) / 2);
  // x = s / (1 − s) takes the half line to [0, 1).
  const upTo = (end: number) => {
    const steps = 20_000;
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      const s = (i / steps) * end;
      const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
      if (s < 1) sum += (weight * density(s / (1 - s))) / (1 - s) ** 2;
    }
    return (sum * end) / steps / 3;
  };
  return 0.5 + (0.5 * upTo(t / (1 + t))) / upTo(1 - 1e-9);
}

describe('the mean of some runs', () => {
  it.for([1, 2, 4.5, 5, 10, 19, 30, 31, 60, 500])(
    'has an interval by the t that 97.5 % lie below, with %d degrees of freedom',
    (freedom) => {
      expect(studentCdf(studentPoint(freedom), freedom)).toBeCloseTo(0.975, 4);
    },
  );

  it('has the interval that is known for 1, 2, 3, 4, 5', () => {
    const { n, mean, low, high } = estimate([1, 2, 3, 4, 5]);
    expect({ n, mean }).toEqual({ n: 5, mean: 3 });
    // 2.776445 · √2.5 / √5
    expect([low, high]).toEqual([expect.closeTo(3 - 1.963243, 5), expect.closeTo(3 + 1.963243, 5)]);
  });

  it('has no interval with one run, and with none is no number', () => {
    expect(estimate([7])).toEqual({ n: 1, mean: 7, low: null, high: null });
    expect(estimate([])).toEqual({ n: 0, mean: null, low: null, high: null });
  });

  it('lies within its interval, which shrinks when the same runs come again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 2, maxLength: 40 }), (samples) => {
        fc.pre(new Set(samples).size > 1);
        const [once, often] = [estimate(samples), estimate([...samples, ...samples, ...samples, ...samples])];
        expect(once.low).toBeLessThan(once.mean as number);
        expect(often.mean).toBeCloseTo(once.mean as number, 5);
        expect((often.high as number) - (often.low as number)).toBeLessThan((once.high as number) - (once.low as number));
      }),
    );
  });
});

describe('the difference of two means', () => {
  it('is Welch’s, known for two textbook samples', () => {
    const a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
    const b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4];
    // t = 2.46 with 24.99 degrees of freedom, of which 24 count.
    const between = difference(estimate(a), estimate(b));
    expect(between?.value).toBeCloseTo(2.17, 1);
    const half = (between?.high as number) - (between?.value as number);
    expect((between?.value as number) / (half / 2.064)).toBeCloseTo(2.46, 1);
  });

  it('turns its sign with its sides', () => {
    const [a, b] = [estimate([1, 2, 4]), estimate([8, 9, 9])];
    const [there, back] = [difference(a, b), difference(b, a)];
    expect([back?.low, back?.high]).toEqual([expect.closeTo(-(there?.high as number)), expect.closeTo(-(there?.low as number))]);
  });

  it('has no interval when one side is a single run, and is none when one side has no sample', () => {
    expect(difference(estimate([1]), estimate([2, 3]))).toEqual({ value: 1.5, low: null, high: null });
    expect(difference(estimate([]), estimate([2, 3]))).toBeNull();
  });
});
