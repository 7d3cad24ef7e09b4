/**
 * What a search has seen: per cell the results of the first so many seeds. All cells take the same seeds in
 * the same order (common random numbers), so two of them are compared seed by seed, and chance that both
 * share cancels out.
 */
import { type Estimate, estimate } from '../statistics/statistics.ts';
import type { TrialResult } from '../sweep/trial.ts';

type Values = TrialResult['values'];

/**
 * Runs from which on a spread of exactly zero is believed. Something that happens in every second run on
 * average has then been seen with 95 % (1 − e^−3); a t interval knows nothing of events that have not
 * happened yet.
 */
export const TRUSTED_SEEDS = 6;

export class Samples {
  private readonly results: TrialResult[][];

  constructor(cells: number) {
    this.results = Array.from({ length: cells }, () => []);
  }

  /** Of the cell's next seed. */
  add(cell: number, result: TrialResult): void {
    this.results[cell].push(result);
  }

  /** Seeds that the cell has run with. */
  count(cell: number): number {
    return this.results[cell].length;
  }

  /** In the order of cells. */
  raced(): number[] {
    return [...this.results.keys()].filter((cell) => this.count(cell) > 0);
  }

  /** Invariants that broke in any run of the cell. */
  broken(cell: number): string[] {
    return [...new Set(this.results[cell].flatMap(({ broken }) => broken))];
  }

  estimate(cell: number, metric: number): Estimate {
    return estimate(known(this.results[cell].map(({ values }) => values[metric])));
  }

  /** Of a figure of each run; null: no run has one. */
  mean(cell: number, figure: (values: Values) => number | null): number | null {
    return estimate(known(this.results[cell].map(({ values }) => figure(values)))).mean;
  }

  /**
   * The mean of `difference` of a metric alone, which is asked for far more often; null: no seed in common.
   */
  meanDifference(a: number, b: number, metric: number): number | null {
    const [left, right] = [this.results[a], this.results[b]];
    let sum = 0;
    let n = 0;
    for (let seed = 0; seed < left.length && seed < right.length; seed++) {
      const [one, other] = [left[seed].values[metric], right[seed].values[metric]];
      if (one === null || other === null) continue;
      sum += one - other;
      n += 1;
    }
    return n === 0 ? null : sum / n;
  }

  /** Of a − b on the seeds that both have run with. @param figure of one run; null: it has none */
  difference(a: number, b: number, figure: (values: Values) => number | null): Estimate {
    const both = Math.min(this.count(a), this.count(b));
    const differences = Array.from({ length: both }, (_, seed) => {
      const [left, right] = [figure(this.results[a][seed].values), figure(this.results[b][seed].values)];
      return left === null || right === null ? null : left - right;
    });
    return estimate(known(differences));
  }
}

/** The interval leaves zero below it. */
export function isAboveZero({ n, low, high }: Estimate, trusted: number): boolean {
  return low !== null && low > 0 && (low !== high || n >= trusted);
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
