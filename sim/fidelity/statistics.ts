/**
 * What is said of samples, here as in the measurement (quantiles by linear interpolation), and how far a
 * value measured on n samples may lie from the truth.
 */
import { studentPoint } from '../study/statistics/statistics.ts';

/** null for a figure that no sample gives. */
export interface Summary {
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

export type Interval = readonly [low: number, high: number];

/** Of a normal distribution: 95 % lie within so many standard deviations. */
const Z_95 = 1.96;

/** Sorts `samples` in place. */
export function summarize(samples: number[]): Summary & { min: number | null } {
  samples.sort((a, b) => a - b);
  const at = (share: number): number | null => (samples.length === 0 ? null : quantile(samples, share));
  return { min: at(0), mean: meanOf(samples), p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) };
}

export function shareOver(samples: readonly number[], limit: number): number | null {
  if (samples.length === 0) return null;
  let over = 0;
  for (const sample of samples) if (sample > limit) over++;
  return over / samples.length;
}

/** Wilson's 95 % interval of a share that was counted on `n` samples. */
export function shareInterval(share: number, n: number): Interval {
  const z = Z_95;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [middle - half, middle + half];
}

/** What a published distribution tells of itself. */
export interface Published {
  n: number;
  mean: number;
  min: number;
  p50: number;
  p75: number;
  p90: number;
  p95: number;
  p99: number;
  'p99.9': number;
  max: number;
}

/**
 * The 95 % interval of a published mean, from its count and the spread between its published quantiles.
 * @param comparisons how many such intervals are to hold together at 95 % (Bonferroni)
 */
export function meanInterval(published: Published, comparisons = 1): Interval {
  const half = (studentPoint(published.n - 1, comparisons) * deviationOf(published)) / Math.sqrt(published.n);
  return [published.mean - half, published.mean + half];
}

/**
 * The 95 % interval of a published quantile: the quantiles that may be it, by the binomial spread of its
 * rank.
 */
export function quantileInterval(published: Published, share: number): Interval {
  const half = Z_95 * Math.sqrt((share * (1 - share)) / published.n);
  return [publishedQuantile(published, share - half), publishedQuantile(published, share + half)];
}

export function meanOf(samples: readonly number[]): number | null {
  return samples.length === 0 ? null : samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

/** @param sorted not empty */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}

/** The published points as (share, value), between which values count as spread evenly. */
function points(published: Published): Interval[] {
  const { min, p50, p75, p90, p95, p99, max } = published;
  return [
    [0, min],
    [0.5, p50],
    [0.75, p75],
    [0.9, p90],
    [0.95, p95],
    [0.99, p99],
    [0.999, published['p99.9']],
    [1, max],
  ];
}

function publishedQuantile(published: Published, share: number): number {
  const within = Math.min(Math.max(share, 0), 1);
  const known = points(published);
  const above = Math.max(
    1,
    known.findIndex(([at]) => at >= within),
  );
  const [lowShare, low] = known[above - 1];
  const [highShare, high] = known[above];
  return low + ((within - lowShare) / (highShare - lowShare)) * (high - low);
}

/** Standard deviation around the published mean, each stretch between two points spread evenly. */
function deviationOf(published: Published): number {
  const known = points(published);
  let variance = 0;
  for (let index = 1; index < known.length; index++) {
    const [lowShare, low] = known[index - 1];
    const [highShare, high] = known[index];
    const [a, b] = [low - published.mean, high - published.mean];
    variance += ((highShare - lowShare) * (a * a + a * b + b * b)) / 3;
  }
  return Math.sqrt(variance);
}
