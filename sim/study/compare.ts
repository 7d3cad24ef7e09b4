/**
 * Two results side by side, metric by metric: runs by their figures, studies cell by cell with the interval
 * of the difference.
 *
 * A single run has no interval: whether a difference between two is more than chance only seeds can tell.
 */
import type { MetricValue } from '../measure/result.ts';
import { type Difference, difference, type Estimate } from './statistics/statistics.ts';
import { metricOf } from './sweep/metric.ts';

/**
 * A run or a study, as what can be compared: a run is one cell without parameters whose metrics were seen
 * once.
 */
export interface Comparable {
  name: string;
  cells: { parameters: Record<string, unknown>; metrics: Record<string, Estimate> }[];
}

export interface ComparedMetric {
  /** The cell's parameters; empty for runs. */
  parameters: Record<string, unknown>;
  metric: string;
  a: number | null;
  b: number | null;
  /** null when a side had no sample. */
  difference: Difference | null;
  /** Of a; null when that is 0 or unknown. */
  relative: number | null;
  /** The interval of the difference leaves 0 out; null without an interval. */
  moreThanNoise: boolean | null;
}

/** Figures of a distribution that are compared. */
const FIGURES = ['count', 'mean', 'p50', 'p99', 'max'] as const;

/** @param also what else is asked of it, as thresholds name it: `p95(reconnect_ms)` */
export function comparableRun(name: string, metrics: Record<string, MetricValue>, also: readonly string[] = []): Comparable {
  const once = (value: number | null): Estimate => ({ n: value === null ? 0 : 1, mean: value, low: null, high: null });
  const figures = Object.entries(metrics).flatMap(([metric, value]): [string, Estimate][] =>
    typeof value === 'number' ? [[metric, once(value)]] : FIGURES.map((figure) => [`${figure}(${metric})`, once(value[figure])]),
  );
  const known = new Set(figures.map(([figure]) => figure));
  const asked = also.filter((figure) => !known.has(figure) && hasMetric(metrics, figure));
  figures.push(...asked.map((figure): [string, Estimate] => [figure, once(metricOf(figure, metrics))]));
  return { name, cells: [{ parameters: {}, metrics: Object.fromEntries(figures) }] };
}

/** A run of an earlier version may not have it. */
function hasMetric(metrics: Record<string, MetricValue>, figure: string): boolean {
  return Object.hasOwn(metrics, /\((.*)\)/.exec(figure)?.[1] ?? figure);
}

/** What both have, in the order of `a`. Empty when they have no cell or no metric in common. */
export function compare(a: Comparable, b: Comparable): ComparedMetric[] {
  const cellsOfB = new Map(b.cells.map((cell) => [keyOf(cell.parameters), cell]));
  return a.cells.flatMap(({ parameters, metrics }) => {
    const other = cellsOfB.get(keyOf(parameters));
    if (other === undefined) return [];
    return Object.keys(metrics)
      .filter((metric) => Object.hasOwn(other.metrics, metric))
      .map((metric) => compareMetric(parameters, metric, metrics[metric], other.metrics[metric]));
  });
}

function compareMetric(parameters: Record<string, unknown>, metric: string, a: Estimate, b: Estimate): ComparedMetric {
  const between = difference(a, b);
  const relative = between === null || a.mean === null || a.mean === 0 ? null : between.value / Math.abs(a.mean);
  const moreThanNoise = between === null || between.low === null || between.high === null ? null : between.low > 0 || between.high < 0;
  return { parameters, metric, a: a.mean, b: b.mean, difference: between, relative, moreThanNoise };
}

/** The same whatever the order in which a file lists the parameters. */
function keyOf(parameters: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1)));
}
