/**
 * One run of a cell: a pure function of scenario and seed with a small result, so that trials can run
 * anywhere and in any order.
 */
import { certificatesFor } from '../../certificates/fleet.ts';
import { run } from '../../run/run.ts';
import { loadPrograms } from '../../sandbox/load-firmware.ts';
import { loadOwn } from '../../sandbox/own-firmware.ts';
import { programsOf } from '../../scenario/groups.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { metricOf } from './metric.ts';

export interface TrialResult {
  /** In the order of the study's metrics; null: the run had no sample. */
  values: (number | null)[];
  /** Names of checks that broke and thresholds that were missed. */
  broken: string[];
  missed: string[];
}

export async function runTrial(scenario: Scenario, seed: number, metrics: readonly string[]): Promise<TrialResult> {
  const certificates = await certificatesFor(scenario);
  const { summary } = await run({ ...scenario, seed }, await loadPrograms(programsOf(scenario), loadOwn), {
    traceLevel: 'none',
    certificates,
  });
  return {
    values: metrics.map((name) => metricOf(name, summary.metrics)),
    broken: summary.checks.filter(({ ok }) => !ok).map(({ name }) => name),
    missed: summary.thresholds.filter(({ ok }) => !ok).map(({ expr }) => expr),
  };
}
