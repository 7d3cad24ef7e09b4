/**
 * What is said of one metric over the seeds of a cell, and of the difference of two: means with Student's 95
 * % interval, for independent runs.
 *
 * The interval takes the mean of the runs as normally distributed, which few seeds of a very skewed metric
 * are not; it says nothing of a single run.
 */
import jStat from 'jstat';
import { mean, sampleStandardDeviation } from 'simple-statistics';

export interface Estimate {
  /** Runs that had a sample. */
  n: number;
  /** null without any. */
  mean: number | null;
  /** The 95 % interval of the mean; null with fewer than two runs. */
  low: number | null;
  high: number | null;
}

/** What a 95 % interval leaves out, both sides together. */
const BEYOND_95 = 0.05;

/**
 * Student's two-sided 95 % point: an interval reaches so many standard errors to each side.
 * @param freedom degrees of freedom, above 0
 * @param comparisons how many such intervals are to hold together at 95 % (Bonferroni)
 */
export function studentPoint(freedom: number, comparisons = 1): number {
  return jStat.studentt.inv(1 - BEYOND_95 / 2 / comparisons, freedom);
}

export function estimate(samples: readonly number[]): Estimate {
  const n = samples.length;
  if (n === 0) return { n, mean: null, low: null, high: null };
  const middle = mean([...samples]);
  if (n === 1) return { n, mean: middle, low: null, high: null };
  const half = (studentPoint(n - 1) * sampleStandardDeviation([...samples])) / Math.sqrt(n);
  return { n, mean: middle, low: middle - half, high: middle + half };
}

export interface Difference {
  /** b − a */
  value: number;
  /** Its 95 % interval; null when either side has no interval of its own. */
  low: number | null;
  high: number | null;
}

/**
 * Welch's interval: the two sides may vary differently. With the same seeds on both sides it is wider than it
 * had to be, never narrower.
 */
export function difference(a: Estimate, b: Estimate): Difference | null {
  if (a.mean === null || b.mean === null) return null;
  const value = b.mean - a.mean;
  if (a.high === null || b.high === null) return { value, low: null, high: null };
  const [varianceA, varianceB] = [meanVariance(a, a.high - a.mean), meanVariance(b, b.high - b.mean)];
  const variance = varianceA + varianceB;
  if (variance === 0) return { value, low: value, high: value };
  const freedom = variance ** 2 / (varianceA ** 2 / (a.n - 1) + varianceB ** 2 / (b.n - 1));
  const half = studentPoint(freedom) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}

/** Squared standard error of the mean, got back from half its interval. */
function meanVariance({ n }: Estimate, half: number): number {
  return (half / studentPoint(n - 1)) ** 2;
}
