/**
 * A duration that differs each time: how a document writes it, how it is drawn, how it is told.
 *
 * `{ mean: 10m, spread: exponential }` is the gap between events that know nothing of each other (a Poisson
 * process), `{ p50: 20s, p99: 5m }` a log-normal through two quantiles, as outages and repairs are,
 * `{ min: 5s, max: 1m }` even. What is drawn is bounded: no longer than ten times the mean or the p99, no
 * shorter than a millisecond.
 */
import { formatDuration, parseDuration } from 'host/units';
import { duration, type Field } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';

export type Spread =
  | { readonly kind: 'exponential'; readonly meanMs: number }
  | { readonly kind: 'log-normal'; readonly p50Ms: number; readonly p99Ms: number }
  | { readonly kind: 'uniform'; readonly minMs: number; readonly maxMs: number };

const MOST_TIMES = 10;
const LEAST_MS = 1;
/** The standard normal's 0.99 quantile. */
const Z_99 = 2.3263478740408408;

/** Milliseconds, always the same or drawn. */
export function durationOrSpread(minMs: number, maxMs: number): Field<number | Spread> {
  const fixed = duration(minMs, maxMs);
  const inside = (properties: Record<string, unknown>, required: string[]) => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  });
  const { jsonSchema } = fixed;
  return {
    expected: `${fixed.expected}, or one that is drawn each time: { mean: 10m }, { p50: 20s, p99: 5m }, { min: 5s, max: 1m }`,
    read: (value) =>
      typeof value === 'object' && value !== null ? readSpread(value as Record<string, unknown>, fixed) : fixed.read(value),
    write: (value) => (typeof value === 'number' ? fixed.write(value) : writeSpread(value)),
    spell: fixed.spell,
    jsonSchema: {
      anyOf: [
        jsonSchema,
        inside({ mean: jsonSchema, spread: { const: 'exponential' } }, ['mean']),
        inside({ p50: jsonSchema, p99: jsonSchema }, ['p50', 'p99']),
        inside({ min: jsonSchema, max: jsonSchema }, ['min', 'max']),
      ],
    },
  };
}

function readSpread(given: Record<string, unknown>, fixed: Field<number>): Spread | null {
  const { spread = 'exponential', ...bounds } = given;
  const read = (key: string) => (parseDuration(String(bounds[key])) === 0 ? null : fixed.read(bounds[key]));
  switch (Object.keys(bounds).sort().join()) {
    case 'mean': {
      const meanMs = read('mean');
      return meanMs === null || spread !== 'exponential' ? null : { kind: 'exponential', meanMs };
    }
    case 'p50,p99': {
      const [p50Ms, p99Ms] = [read('p50'), read('p99')];
      return 'spread' in given || p50Ms === null || p99Ms === null || p99Ms < p50Ms ? null : { kind: 'log-normal', p50Ms, p99Ms };
    }
    case 'max,min': {
      const [minMs, maxMs] = [read('min'), read('max')];
      return 'spread' in given || minMs === null || maxMs === null || maxMs < minMs ? null : { kind: 'uniform', minMs, maxMs };
    }
    default:
      return null;
  }
}

function writeSpread(spread: Spread): Record<string, string> {
  switch (spread.kind) {
    case 'exponential':
      return { mean: formatDuration(spread.meanMs), spread: 'exponential' };
    case 'log-normal':
      return { p50: formatDuration(spread.p50Ms), p99: formatDuration(spread.p99Ms) };
    case 'uniform':
      return { min: formatDuration(spread.minMs), max: formatDuration(spread.maxMs) };
  }
}

/** Half of what is drawn is about this or longer, ms. */
export function middleMs(spread: Spread): number {
  switch (spread.kind) {
    case 'exponential':
      return spread.meanMs * Math.LN2;
    case 'log-normal':
      return spread.p50Ms;
    case 'uniform':
      return (spread.minMs + spread.maxMs) / 2;
  }
}

/** Two numbers of the stream for a log-normal, one for the others. @returns ms, to the microsecond */
export function drawMs(spread: Spread, stream: Pick<RandomStream, 'next'>): number {
  const ms = Math.min(Math.max(unboundedMs(spread, stream), LEAST_MS), mostMs(spread));
  return Math.round(ms * 1_000) / 1_000;
}

function unboundedMs(spread: Spread, stream: Pick<RandomStream, 'next'>): number {
  switch (spread.kind) {
    case 'exponential':
      return -spread.meanMs * Math.log(1 - stream.next());
    case 'log-normal': {
      const sigma = Math.log(spread.p99Ms / spread.p50Ms) / Z_99;
      return spread.p50Ms * Math.exp(sigma * normal(stream));
    }
    case 'uniform':
      return spread.minMs + (spread.maxMs - spread.minMs) * stream.next();
  }
}

function mostMs(spread: Spread): number {
  return spread.kind === 'uniform' ? spread.maxMs : MOST_TIMES * (spread.kind === 'exponential' ? spread.meanMs : spread.p99Ms);
}

/** Box and Muller, the cosine of the two. */
function normal(stream: Pick<RandomStream, 'next'>): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.next()));
  return radius * Math.cos(2 * Math.PI * stream.next());
}

/** After `about every …` and `for …`: `10m on average`. */
export function spreadWords(spread: Spread): string {
  switch (spread.kind) {
    case 'exponential':
      return `${formatDuration(spread.meanMs)} on average`;
    case 'log-normal':
      return `${formatDuration(spread.p50Ms)} or less in half of the cases, ${formatDuration(spread.p99Ms)} or less in 99 of 100`;
    case 'uniform':
      return `${formatDuration(spread.minMs)} to ${formatDuration(spread.maxMs)}`;
  }
}
