import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../kernel/random.ts';
import { type Ask, findMoment, mostRuns, range } from './find-moment.ts';

const SEEDS = 20;
const timesMs = range(1, 500).map((time) => time * 10);
const endMs = 5_001;

/** Runs that have the outcome with this probability, given the same luck up to a time. */
function world(probability: (atMs: number) => number): { ask: Ask; runs(): number } {
  let runs = 0;
  const ask: Ask = async (times, lucks) => {
    runs += times.length * lucks.length;
    return times.map((atMs) => ({
      atMs,
      happened: lucks.filter((luck) => new RandomStreams(luck).stream(`at-${atMs}`).next() < probability(atMs)).length,
      of: lucks.length,
    }));
  };
  return { ask, runs: () => runs };
}

describe('the moment at which an outcome became likely', () => {
  it('is the event after which other luck does not help any more, whichever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: timesMs.length - 1 }), async (decisive) => {
        const decidedMs = timesMs[decisive];
        const { ask, runs } = world((atMs) => (atMs >= decidedMs ? 0.95 : 0.05));
        const course = await findMoment({ timesMs, endMs, seeds: SEEDS }, ask);
        expect(course?.moment).toMatchObject({
          kind: 'moment',
          before: { atMs: decisive === 0 ? 0 : timesMs[decisive - 1] },
          after: { atMs: decidedMs },
        });
        expect(runs()).toBeLessThanOrEqual(mostRuns({ timesMs, endMs, seeds: SEEDS }));
      }),
      { numRuns: 50 },
    );
  });

  it('is none where it happens with any luck', async () => {
    const course = await findMoment({ timesMs, endMs, seeds: SEEDS }, world(() => 0.95).ask);
    expect(course?.moment.kind).toBe('from-the-start');
  });

  it('is none where it became likely by and by, between the times when it was not and when it was', async () => {
    const course = await findMoment({ timesMs, endMs, seeds: SEEDS }, world((atMs) => atMs / endMs).ask);
    expect(course?.moment).toMatchObject({ kind: 'gradual' });
    if (course?.moment.kind !== 'gradual') return;
    expect(course.moment.fromMs).toBeLessThan(2_500);
    expect(course.moment.toMs).toBeGreaterThan(2_500);
  });

  it('is not told when it was interrupted', async () => {
    expect(await findMoment({ timesMs, endMs, seeds: SEEDS }, async () => null)).toBeNull();
  });

  it('is the end where nothing before it made it likely, of a run with few events as well', async () => {
    for (const times of [[], [5], [5, 10]]) {
      const course = await findMoment({ timesMs: times, endMs: 20, seeds: SEEDS }, world(() => 0.05).ask);
      expect(course?.moment).toMatchObject({ kind: 'moment', before: { atMs: times.at(-1) ?? 0 }, after: { atMs: 20 } });
    }
  });
});
