/**
 * What an unseeded random generator costs a fleet, in the scenario that shows it: boards that draw alike come
 * back in one herd.
 *
 * Boards that sent equally many frames before the relay went have drawn equally many numbers, so a herd is as
 * large as what booted within one SOS cycle.
 */
import { readFileSync } from 'node:fs';
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../measure/result.ts';
import { loadScenario } from '../scenario/document/load.ts';
import { type Override, parseOverride } from '../scenario/document/overrides.ts';
import { run } from './run.ts';

const FILE = 'scenarios/unseeded-random.yaml';
const SEEDS = [1, 2, 3, 4];
/** In the scenario the relay is back after 90 s; powering up is long over. */
const RELAY_BACK_S = 90;

async function play(seed: number, seedRandom: boolean): Promise<RunResult> {
  const overrides = [`seed=${seed}`, `boards.seed_random=${seedRandom}`].map((text) => parseOverride(text) as Override);
  const { scenario, errors } = loadScenario(FILE, readFileSync(FILE, 'utf8'), overrides);
  if (scenario === null) throw new Error(errors.join('\n'));
  return run(scenario, app);
}

const failures = ({ summary }: RunResult) => summary.thresholds.filter(({ ok }) => !ok).map(({ expr }) => expr);
const peakAfterwards = ({ connectsPerSecond }: RunResult) => Math.max(...connectsPerSecond.slice(RELAY_BACK_S));

describe.each(SEEDS)('after a restart of the relay, with seed %d of the run', (seed) => {
  it('boards that seeded their generators come back one by one', async () => {
    const result = await play(seed, true);
    expect(failures(result)).toEqual([]);
    expect(peakAfterwards(result)).toBeLessThanOrEqual(15);
  });

  it('boards that did not come back together, and the scenario fails for it', async () => {
    const result = await play(seed, false);
    expect(failures(result)).toContain('connects_per_s_peak < 40');
    expect(peakAfterwards(result)).toBeGreaterThan(40);
  });
});
