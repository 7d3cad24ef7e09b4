/**
 * Times whose long ones are much longer than the usual: log-normal, through two quantiles. And the gaps of
 * what comes at any moment alike: exponential.
 */
import { formatDuration } from 'host/units';
import { duration, type Field } from './fields.ts';

/** Milliseconds. */
export interface Quantiles {
  p50: number;
  p99: number;
}

/** Standard deviations from the middle of a normal distribution to its 99th percentile. */
const SIGMAS_TO_P99 = 2.326_347_874;
/** The longest that is drawn, in p99s: of a million draws from a tail ten times p50 long, none is beyond. */
const MAX_OF_P99 = 10;

/** Written `{ p50: 20ms, p99: 400ms }`. */
export function quantiles(minMs: number, maxMs: number): Field<Quantiles> {
  const one = duration(minMs, maxMs);
  return {
    expected: `{ p50: …, p99: … }, the second not less than the first, each ${one.expected}`,
    read(value) {
      if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== 'p50,p99') return null;
      const { p50, p99 } = value as Record<string, unknown>;
      const [middle, high] = [one.read(p50), one.read(p99)];
      return middle === null || high === null || middle > high ? null : { p50: middle, p99: high };
    },
    write: ({ p50, p99 }) => ({ p50: one.write(p50), p99: one.write(p99) }),
    jsonSchema: {
      type: 'object',
      additionalProperties: false,
      required: ['p50', 'p99'],
      properties: { p50: one.jsonSchema, p99: one.jsonSchema },
    },
  };
}

export function describeQuantiles({ p50, p99 }: Quantiles): string {
  return `${formatDuration(p50)}, one in a hundred longer than ${formatDuration(p99)}`;
}

/** @param random uniform over [0, 1); two draws (Box and Muller) */
export function drawLongTail({ p50, p99 }: Quantiles, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const sigma = Math.log(p99 / p50) / SIGMAS_TO_P99;
  return Math.min(p50 * Math.exp(sigma * normal), p99 * MAX_OF_P99);
}

export function drawExponential(mean: number, random: () => number): number {
  return -mean * Math.log(1 - random());
}
