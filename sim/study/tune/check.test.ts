/**
 * The search against the whole grid in a real world: everything is run once, and the search is shown of it
 * what it asks for. README.md has the large one.
 */
import { expect, it } from 'vitest';
import type { Study } from '../sweep/study.ts';
import { trialThreads } from '../sweep/threads.ts';
import type { TrialResult } from '../sweep/trial.ts';
import type { Trial } from '../sweep/trial-log.ts';
import { parseGoals } from './goal.ts';
import { type SearchPlan, search } from './search.ts';
import { assess, scoreDifference } from './search-field.ts';
import { Lattice } from './search-lattice.ts';
import { Samples, TRUSTED_SEEDS } from './search-samples.ts';
import { makeTuneStudy } from './study.ts';

const WORLD = `version: 1
name: check
duration: 110s
relay: { mode: echo }
boards: { count: 5, device: ideal, board_ping_interval: 0s, boot_spread: 5s }
link: { latency: 40ms, jitter: 20ms, loss: 0.07, burst: 4 }
steps:
  - { at: 55s, action: link.blackhole, boards: 50%, for: 45s }
checks: [one-session-per-id]
sweep:
  parameters:
    relay.ping_interval: [2s, 3s, 5s, 7s, 10s, 14s, 20s]
    relay.ping_timeout: [1s, 2s, 3s, 5s, 7s, 10s, 15s]
`;
const METRICS = ['max(detect_ms)', 'keepalive_bytes', 'false_disconnects'];
/** A thousand runs on two threads, on a machine that may be busy, ms. */
const PATIENCE_MS = 300_000;

function load(): Study {
  const { study, errors } = makeTuneStudy({
    file: 'check.yaml',
    text: WORLD,
    folder: null,
    locateFirmware: (name) => name,
    locateTrace: (name) => name,
    overrides: [],
    vary: {},
    seeds: null,
    metrics: METRICS,
  });
  if (study === null) throw new Error(errors.join('\n'));
  return study;
}

async function runAll({ cells, seeds, metrics }: Study): Promise<(trial: Trial) => TrialResult> {
  const results = new Map<string, TrialResult>();
  const trials = cells.flatMap((_, cell) => seeds.map((seed): Trial => ({ cell, seed })));
  const taskOf = ({ cell, seed }: Trial) => ({ scenario: cells[cell].scenario, seed, metrics });
  const threads = trialThreads(2);
  await threads.run(trials, taskOf, ({ cell, seed }, result) => results.set(`${cell} ${seed}`, result), new AbortController().signal);
  await threads.close();
  return ({ cell, seed }) => {
    const result = results.get(`${cell} ${seed}`);
    if (result === undefined) throw new Error(`cell ${cell} has not run with seed ${seed}`);
    return result;
  };
}

it(
  'takes a fifth of the runs of the whole grid at most, and recommends what the whole grid does or what cannot be told from it',
  async () => {
    const study = load();
    const resultOf = await runAll(study);
    const goals = parseGoals('max(detect_ms) < 15000');
    if (typeof goals === 'string') throw new Error(goals);
    const objectives = { goals, goalMetrics: [0], minimize: [1, 2], trusted: TRUSTED_SEEDS, mostSeeds: study.seeds.length };
    const plan: SearchPlan = { lattice: new Lattice(study.parameters), objectives, seeds: study.seeds, budget: Infinity };
    const { samples, runs, end } = await search(plan, async (trials) => trials.map(resultOf));
    const { leader } = assess(samples, objectives, 'met');

    const grid = new Samples(study.cells.length);
    for (const cell of study.cells.keys()) for (const seed of study.seeds) grid.add(cell, resultOf({ cell, seed }));
    const best = assess(grid, objectives, 'met').leader;
    if (leader === null || best === null) throw new Error('nothing keeps the goal');
    expect(end).toBe('decided');
    expect(runs * 5).toBeLessThanOrEqual(study.cells.length * samples.count(leader));
    expect(scoreDifference(leader, best, grid, objectives).low).toBeLessThanOrEqual(0);
  },
  PATIENCE_MS,
);
