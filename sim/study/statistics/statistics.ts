/**
 * What is said of one metric over the seeds of a cell, and of the difference of two: means with Student's 95 % interval, for independent runs.
 *
 * The interval takes the mean of the runs as normally distributed, which few seeds of a very skewed metric are not; it says nothing of a single run.
 */
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

/** t(0.975) for 1 to 30 degrees of freedom: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2. */
const T_975: readonly number[] = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086,
  2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const Z_975 = 1.959964;

/** Above the table by Abramowitz and Stegun 26.7.5, good to 0.0001 there. @param freedom degrees of freedom, at least 1; a fraction is rounded down */
export function studentT975(freedom: number): number {
  const whole = Math.floor(freedom);
  if (whole <= T_975.length) return T_975[whole - 1];
  const z = Z_975;
  return z + (z ** 3 + z) / (4 * whole) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * whole ** 2);
}

export function estimate(samples: readonly number[]): Estimate {
  const n = samples.length;
  if (n === 0) return { n, mean: null, low: null, high: null };
  const middle = mean([...samples]);
  if (n === 1) return { n, mean: middle, low: null, high: null };
  const half = (studentT975(n - 1) * sampleStandardDeviation([...samples])) / Math.sqrt(n);
  return { n, mean: middle, low: middle - half, high: middle + half };
}

export interface Difference {
  /** b − a */
  value: number;
  /** Its 95 % interval; null when either side has no interval of its own. */
  low: number | null;
  high: number | null;
}

/** Welch's interval: the two sides may vary differently. With the same seeds on both sides it is wider than it had to be, never narrower. */
export function difference(a: Estimate, b: Estimate): Difference | null {
  if (a.mean === null || b.mean === null) return null;
  const value = b.mean - a.mean;
  if (a.high === null || b.high === null) return { value, low: null, high: null };
  const [varianceA, varianceB] = [meanVariance(a, a.high - a.mean), meanVariance(b, b.high - b.mean)];
  const variance = varianceA + varianceB;
  if (variance === 0) return { value, low: value, high: value };
  const freedom = variance ** 2 / (varianceA ** 2 / (a.n - 1) + varianceB ** 2 / (b.n - 1));
  const half = studentT975(freedom) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}

/** Squared standard error of the mean, got back from half its interval. */
function meanVariance({ n }: Estimate, half: number): number {
  return (half / studentT975(n - 1)) ** 2;
}
