/**
 * The table of a study: a row per cell, its metrics over the seeds as mean and interval. Made from results in
 * the order of seeds, however they came in.
 */
import { stringify } from 'csv-stringify/sync';
import { type Estimate, estimate } from '../statistics/statistics.ts';
import { type Study, writeValue } from './study.ts';
import type { TrialResult } from './trial.ts';
import type { Trial } from './trial-log.ts';

/** `cells.json`. */
export interface StudyTable {
  version: 1;
  study: string;
  about: string;
  digest: string;
  /** The command that makes it again. */
  command: string;
  seeds: { first: number; count: number };
  parameters: { name: string; values: readonly unknown[] }[];
  metrics: readonly string[];
  /** The two metrics that are drawn against each other. */
  trade_off: readonly [string, string] | null;
  /** How many checks and thresholds each run was held to; in the cell that has most. */
  asked: { checks: number; thresholds: number };
  cells: TableRow[];
}

export interface TableRow {
  parameters: Record<string, unknown>;
  metrics: Record<string, Estimate>;
  /** Checks that broke and thresholds that were missed, each with the number of runs. */
  broken: Record<string, number>;
  missed: Record<string, number>;
}

/** More digits than any interval is wide, few enough to read. */
const SIGNIFICANT_DIGITS = 10;

/** @param resultOf of a trial that is finished: all of them are */
export function tableOf(study: Study, command: string, resultOf: (trial: Trial) => TrialResult): StudyTable {
  const { base, digest, seeds, parameters, metrics, tradeOff } = study;
  return {
    version: 1,
    study: base.name,
    about: base.about,
    digest,
    command,
    seeds: { first: seeds[0], count: seeds.length },
    parameters: parameters.map(({ name, values }) => ({ name, values })),
    metrics,
    trade_off: tradeOff,
    asked: {
      checks: Math.max(...study.cells.map(({ scenario }) => scenario.checks.length)),
      thresholds: Math.max(...study.cells.map(({ scenario }) => scenario.thresholds.length)),
    },
    cells: study.cells.map(({ values }, cell) => {
      const results = seeds.map((seed) => resultOf({ cell, seed }));
      return {
        parameters: values,
        metrics: Object.fromEntries(metrics.map((name, index) => [name, rounded(estimate(samples(results, index)))])),
        broken: tally(results.flatMap(({ broken }) => broken)),
        missed: tally(results.flatMap(({ missed }) => missed)),
      };
    }),
  };
}

function samples(results: readonly TrialResult[], index: number): number[] {
  return results.map(({ values }) => values[index]).filter((value) => value !== null);
}

function rounded({ n, mean, low, high }: Estimate): Estimate {
  const round = (value: number | null) => (value === null ? null : Number(value.toPrecision(SIGNIFICANT_DIGITS)));
  return { n, mean: round(mean), low: round(low), high: round(high) };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** RFC 4180. A cell without a sample, or an interval of one run, is empty. */
export function toCsv({ parameters, metrics, cells }: StudyTable): string {
  const names = parameters.map(({ name }) => name);
  const head = [...names, ...metrics.flatMap((name) => [name, `${name}.low`, `${name}.high`])];
  const rows = cells.map((cell) => [
    ...names.map((name) => writeValue(cell.parameters[name])),
    ...metrics.flatMap((name) => {
      const { mean, low, high } = cell.metrics[name];
      return [mean, low, high].map((value) => (value === null ? '' : String(value)));
    }),
  ]);
  return stringify([head, ...rows], { record_delimiter: 'windows' });
}
