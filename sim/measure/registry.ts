/**
 * Every metric of a run, from the measures (measures/): the one source for the summary, the thresholds, the
 * report and the documentation.
 *
 * Times are taken when events are emitted. Everything freezes at `run.drain`, except that messages and
 * broadcasts sent before it may still arrive and are then counted as delivered, and that errors still count.
 */
import { MEASURES } from './measures/index.ts';
import type { MetricKind, MetricSpec } from './measures/measure.ts';
import type { Distribution } from './result.ts';

type NamesOf<M> = M extends { metrics: infer Metrics } ? keyof Metrics & string : never;
export type MetricName = NamesOf<(typeof MEASURES)[number]>;

type Both<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void ? All : never;
type Specs = Both<(typeof MEASURES)[number]['metrics']>;

/** The metrics of a summary: a number of each counter and gauge, and what is told of each distribution. */
export type MetricValues = {
  [Name in MetricName]: Specs[Name] extends { kind: 'distribution' } ? Distribution : number;
};

const KINDS: readonly MetricKind[] = ['counter', 'distribution', 'gauge'];

/** In the order of the summary. */
export const METRICS = Object.fromEntries(KINDS.flatMap(ofKind)) as Readonly<Record<MetricName, MetricSpec>>;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export function metricNames(kind: MetricKind): MetricName[] {
  return METRIC_NAMES.filter((name) => METRICS[name].kind === kind);
}

/** A name in results: a metric (`recovery_ms`), or that of a group of the fleet alone (`recovery_ms.old`). */
export interface Named {
  metric: MetricName;
  /** '' : of all boards. */
  group: string;
}

/** null: no such metric. Whether there is such a group, the fleet knows. */
export function readMetricName(name: string): Named | null {
  if (Object.hasOwn(METRICS, name)) return { metric: name as MetricName, group: '' };
  const dot = name.lastIndexOf('.');
  const metric = name.slice(0, Math.max(dot, 0));
  return Object.hasOwn(METRICS, metric) && dot < name.length - 1 ? { metric: metric as MetricName, group: name.slice(dot + 1) } : null;
}

export function metricNameOf({ metric, group }: Named): string {
  return group === '' ? metric : `${metric}.${group}`;
}

/** Whether it is about a group of the fleet alone. */
export function isOfGroup(name: string): boolean {
  const named = readMetricName(name);
  return named !== null && named.group !== '';
}

/** undefined: no such metric. */
export function specOf(name: string): MetricSpec | undefined {
  const named = readMetricName(name);
  return named === null ? undefined : METRICS[named.metric];
}

function ofKind(kind: MetricKind): [string, MetricSpec][] {
  return MEASURES.flatMap(({ metrics }) => Object.entries<MetricSpec>(metrics)).filter(([, spec]) => spec.kind === kind);
}
