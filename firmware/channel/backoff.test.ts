import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeHal } from '../testing/fake-hal.ts';
import { Backoff, type BackoffKind, type BackoffSettings, backoffMs, type Jitter } from './backoff.ts';

const JITTERS: Jitter[] = ['none', 'equal', 'full', 'decorrelated'];
const settings = (kind: BackoffKind, jitter: Jitter, min_ms = 1000, max_ms = 60000): BackoffSettings => ({ kind, jitter, min_ms, max_ms });
const anySettings = fc
  .record({
    kind: fc.constantFrom<BackoffKind>('fixed', 'exponential'),
    jitter: fc.constantFrom(...JITTERS),
    limits: fc.tuple(fc.integer({ min: 1, max: 86400000 }), fc.integer({ min: 1, max: 86400000 })),
  })
  .map(({ kind, jitter, limits: [a, b] }) => settings(kind, jitter, Math.min(a, b), Math.max(a, b)));
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The smallest and largest wait of a policy at `failures`, from a wait of `previousMs`. */
const range = (policy: BackoffSettings, failures: number, previousMs = policy.min_ms) => [
  backoffMs(policy, failures, previousMs, 0),
  backoffMs(policy, failures, previousMs, 1 - 2 ** -32),
];

describe('backoff', () => {
  it('stays within min and max, in whole milliseconds, for every policy and however often it fails', () => {
    fc.assert(
      fc.property(anySettings, fc.array(unit, { minLength: 1, maxLength: 50 }), fc.nat(5000), (policy, units, failuresBefore) => {
        let previousMs = policy.min_ms;
        units.forEach((chance, i) => {
          previousMs = backoffMs(policy, failuresBefore + i, previousMs, chance);
          expect(Number.isInteger(previousMs)).toBe(true);
          expect(previousMs).toBeGreaterThanOrEqual(policy.min_ms);
          expect(previousMs).toBeLessThanOrEqual(policy.max_ms);
        });
      }),
    );
  });

  it.each([
    [settings('exponential', 'none'), [1000, 1000], [8000, 8000], [60000, 60000]],
    [settings('exponential', 'full'), [1000, 1999], [1000, 15999], [1000, 59999]],
    [settings('exponential', 'equal'), [1500, 1999], [8500, 15999], [30500, 59999]],
    [settings('fixed', 'none'), [1000, 1000], [1000, 1000], [1000, 1000]],
    [settings('fixed', 'full'), [1000, 1999], [1000, 1999], [1000, 1999]],
    [settings('fixed', 'equal'), [1500, 1999], [1500, 1999], [1500, 1999]],
  ])('spreads %o over the documented range after 0, 3 and 10 failures', (policy, first, fourth, late) => {
    expect([range(policy, 0), range(policy, 3), range(policy, 10)]).toEqual([first, fourth, late]);
  });

  it('spreads decorrelated waits between min and three times the wait before, and fixed ones around min', () => {
    expect(range(settings('exponential', 'decorrelated'), 7, 5000)).toEqual([1000, 14999]);
    expect(range(settings('exponential', 'decorrelated'), 7, 40000)).toEqual([1000, 60000]);
    expect(range(settings('fixed', 'decorrelated'), 7, 5000)).toEqual([1000, 2999]);
  });

  it.each(JITTERS.filter((jitter) => jitter !== 'none'))('gives a fleet different first waits with %s jitter', (jitter) => {
    const { random } = new FakeHal();
    const waits = Array.from({ length: 200 }, () => new Backoff(settings('exponential', jitter), random).next());
    expect(new Set(waits).size).toBeGreaterThan(100);
  });

  it('grows while attempts fail and starts over after a reset', () => {
    const backoff = new Backoff(settings('exponential', 'none'), new FakeHal().random);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    backoff.reset();
    expect(backoff.next()).toBe(1000);
  });

  it('starts decorrelated waits over as well', () => {
    const backoff = new Backoff(settings('exponential', 'decorrelated', 1000, 600000), new FakeHal().random);
    for (let i = 0; i < 50; i++) backoff.next();
    backoff.reset();
    expect(backoff.next()).toBeLessThan(3000);
  });
});
