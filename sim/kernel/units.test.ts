import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { msFromUs, usFromMs } from './units.ts';

/** A month, the longest run, µs. */
const LONGEST_US = 30 * 24 * 3600 * 1_000_000;

describe('units of time', () => {
  it('give back every microsecond of the longest run on the way over milliseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_US }), (us) => {
        expect(usFromMs(msFromUs(us))).toBe(us);
      }),
      { numRuns: 5000 },
    );
  });

  it('round a delay up to whole microseconds: not before', () => {
    expect(usFromMs(0)).toBe(0);
    expect(usFromMs(1)).toBe(1000);
    expect(usFromMs(1.0001)).toBe(1001);
    expect(usFromMs(0.0005)).toBe(1);
    expect(usFromMs(0.9999)).toBe(1000);
    expect(usFromMs(-5)).toBe(0);
  });

  it('do not take the rounding of a fraction for another microsecond', () => {
    expect(usFromMs(0.1 + 0.2)).toBe(300);
    expect(usFromMs(1.1 * 3)).toBe(3300);
  });
});
