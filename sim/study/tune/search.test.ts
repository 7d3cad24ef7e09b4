/** The search in worlds whose truth is known: a formula per cell, with noise of its own in every run. */
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../kernel/random.ts';
import type { TrialResult } from '../sweep/trial.ts';
import type { Trial } from '../sweep/trial-log.ts';
import { parseGoals } from './goal.ts';
import { type SearchPlan, search } from './search.ts';
import { assess, type Objectives, scoreDifference } from './search-field.ts';
import { Lattice } from './search-lattice.ts';
import { Samples } from './search-samples.ts';

const INTERVALS = [2, 3, 5, 7, 10, 15, 20, 30];
const TIMEOUTS = [1, 2, 3, 5, 7, 10, 15, 20];
const GRID = [INTERVALS, TIMEOUTS, [0, 1, 2]].map((values) => ({ values }));
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

/**
 * Detection takes interval + timeout, pings cost, short timeouts are often wrong; the third parameter means
 * nothing.
 */
function world(luck: number) {
  const streams = new RandomStreams(luck);
  return ({ cell, seed }: Trial): TrialResult => {
    const [interval, timeout] = [INTERVALS[Math.floor(cell / 24)], TIMEOUTS[Math.floor(cell / 3) % 8]];
    const noise = streams.stream(`${cell} ${seed}`);
    const spread = (share: number) => 1 + share * (noise.next() + noise.next() - 1);
    const falseDisconnects = Math.floor((120 / (interval + 5)) * Math.exp(-timeout / 4) * 2 * noise.next() + noise.next());
    return { values: [(interval + timeout) * spread(0.1), (60_000 / interval) * spread(0.03), falseDisconnects], broken: [], missed: [] };
  };
}

function planFor(goal: string, minimize: number[], budget = 100_000): SearchPlan {
  const goals = parseGoals(goal);
  if (typeof goals === 'string') throw new Error(goals);
  const objectives: Objectives = { goals, goalMetrics: goals.map(() => 0), minimize, trusted: 6, mostSeeds: SEEDS.length };
  return { lattice: new Lattice(GRID), objectives, seeds: SEEDS, budget };
}

/** What the search would know had it run everything. */
function wholeGrid(resultOf: (trial: Trial) => TrialResult): Samples {
  const samples = new Samples(new Lattice(GRID).size);
  for (let cell = 0; cell < new Lattice(GRID).size; cell++) for (const seed of SEEDS) samples.add(cell, resultOf({ cell, seed }));
  return samples;
}

const inMemory = (resultOf: (trial: Trial) => TrialResult) => async (trials: readonly Trial[]) => trials.map(resultOf);

describe('a search', () => {
  it.for([1, 2, 3, 4, 5])(
    'finds the best of the grid, or one that cannot be told from it, with a fifth of its runs (luck %i)',
    async (luck) => {
      const resultOf = world(luck);
      const plan = planFor('max(detect_ms) < 15', [1, 2]);
      const { samples, runs, end } = await search(plan, inMemory(resultOf));
      const { leader } = assess(samples, plan.objectives, 'met');
      const grid = wholeGrid(resultOf);
      const truth = assess(grid, plan.objectives, 'met');
      if (leader === null || truth.leader === null) throw new Error('nobody leads');
      expect(end).toBe('decided');
      expect(runs * 5).toBeLessThanOrEqual(plan.lattice.size * samples.count(leader));
      const { low } = scoreDifference(leader, truth.leader, grid, plan.objectives);
      expect(low).toBeLessThanOrEqual(0);
    },
  );

  it('with one objective finds the cheapest that keeps the goal, and knows all its neighbours', async () => {
    const plan = planFor('max(detect_ms) < 15', [1]);
    const { samples } = await search(plan, inMemory(world(1)));
    const { leader } = assess(samples, plan.objectives, 'met');
    expect(INTERVALS[Math.floor((leader ?? 0) / 24)]).toBe(10);
    for (const neighbour of plan.lattice.neighbours(leader ?? 0)) expect(samples.count(neighbour)).toBeGreaterThanOrEqual(3);
  });

  it('that cannot meet its goal ends at what comes nearest', async () => {
    const plan = planFor('max(detect_ms) < 2', [1, 2]);
    const { samples, end, runs } = await search(plan, inMemory(world(1)));
    const { leader, places } = assess(samples, plan.objectives, 'met');
    expect([leader, end]).toEqual([null, 'decided']);
    const [nearest] = [...places].sort((a, b) => a.shortfall - b.shortfall);
    expect(Math.floor(nearest.cell / 3)).toBe(0);
    expect(runs).toBeLessThan(300);
  });

  it('ends with the budget, to the run', async () => {
    const { runs, end } = await search(planFor('max(detect_ms) < 15', [1, 2], 100), inMemory(world(1)));
    expect([runs, end]).toEqual([100, 'budget']);
  });

  it('ends where it is interrupted', async () => {
    let calls = 0;
    const { end } = await search(planFor('max(detect_ms) < 15', [1, 2]), async (trials) => (++calls > 2 ? null : trials.map(world(1))));
    expect(end).toBe('interrupted');
  });

  it('never takes a cell in which an invariant broke', async () => {
    const resultOf = world(1);
    const broken = (trial: Trial) =>
      Math.floor(trial.cell / 24) === 4 ? { ...resultOf(trial), broken: ['one-session-per-id'] } : resultOf(trial);
    const plan = planFor('max(detect_ms) < 15', [1]);
    const { samples } = await search(plan, inMemory(broken));
    const { leader } = assess(samples, plan.objectives, 'met');
    expect(INTERVALS[Math.floor((leader ?? 0) / 24)]).toBe(7);
  });

  it('takes no goal for kept that no run had a sample for', async () => {
    const resultOf = world(1);
    const silent = (trial: Trial): TrialResult => ({ ...resultOf(trial), values: [null, ...resultOf(trial).values.slice(1)] });
    const plan = planFor('max(detect_ms) < 15', [1]);
    const { samples, end } = await search(plan, inMemory(silent));
    const { leader, places } = assess(samples, plan.objectives, 'met');
    expect([leader, end]).toEqual([null, 'decided']);
    expect(places.every(({ shortfall }) => shortfall === Infinity)).toBe(true);
  });
});

describe('cells that are the same in everything', () => {
  it('are settled in favour of the first, once there are runs enough to believe it', async () => {
    const resultOf = world(1);
    // The third parameter changes nothing at all: with common random numbers its cells have the very same
    // results.
    const same = ({ cell, seed }: Trial) => resultOf({ cell: cell - (cell % 3), seed });
    const plan = planFor('max(detect_ms) < 15', [1, 2]);
    const { samples } = await search(plan, inMemory(same));
    const { leader, places } = assess(samples, plan.objectives, 'met');
    expect((leader ?? 1) % 3).toBe(0);
    const twins = places.filter(({ cell }) => Math.floor(cell / 3) === (leader ?? 0) / 3 && cell !== leader);
    expect(twins.length).toBeGreaterThan(0);
    for (const { cell, beatenBy, onFront } of twins) expect([samples.count(cell) < 20, beatenBy, onFront]).toEqual([true, leader, false]);
  });
});
