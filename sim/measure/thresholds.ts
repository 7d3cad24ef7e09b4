/**
 * Thresholds: what a run must keep to, as `p95(reconnect_ms) < 45000` or `false_disconnects == 0`, and
 * whether it did.
 *
 * A distribution is asked through a function, a counter or gauge by its bare name. A bare number is in the
 * unit of the metric's name; one with a unit (`45s`, `99.9%`, `64KiB`) is read in that. A run without a
 * sample keeps every threshold on that metric, except one on its count.
 */
import { nearest } from 'host/nearest';
import { shown } from 'host/shown';
import { parseDuration, parseSize } from 'host/units';
import { unitOf } from './format-metric.ts';
import { METRICS, type MetricName, metricNameOf, metricNames, type Named, readMetricName } from './registry.ts';
import type { MetricValue, ThresholdResult } from './result.ts';

const FUNCTIONS = ['p50', 'p90', 'p95', 'p99', 'min', 'max', 'mean', 'count'] as const;
type StatFunction = (typeof FUNCTIONS)[number];

const OPERATORS = {
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
  '==': (value: number, bound: number) => value === bound,
  '!=': (value: number, bound: number) => value !== bound,
};
type Operator = keyof typeof OPERATORS;

export interface Threshold {
  expr: string;
  /** Of a distribution; null for a counter or gauge. */
  stat: StatFunction | null;
  metric: MetricName;
  /** Of the fleet, whose boards alone it is about; '': all boards. */
  group: string;
  operator: Operator;
  bound: number;
}

/** As a threshold names it: `p95(recovery_ms.old)`, `connects`. */
export function subjectOf({ stat, metric, group }: Pick<Threshold, 'stat' | 'metric' | 'group'>): string {
  const name = metricNameOf({ metric, group });
  return stat === null ? name : `${stat}(${name})`;
}

export type ParsedThreshold = { ok: true; threshold: Threshold } | { ok: false; message: string };

/**
 * One number of a run, and a whole threshold, for editors that know JSON Schema; what is wrong with one,
 * `parseThreshold` says.
 */
const GROUP = '(\\.[A-Za-z]\\w*)?';
const SUBJECT = `\\s*(${oneOf([...metricNames('counter'), ...metricNames('gauge')])}${GROUP}|${oneOf(FUNCTIONS)}\\s*\\(\\s*${oneOf(metricNames('distribution'))}${GROUP}\\s*\\))\\s*`;
export const METRIC_PATTERN = `^${SUBJECT}$`;
export const THRESHOLD_PATTERN = `^${SUBJECT}${oneOf(Object.keys(OPERATORS))}\\s*[^<>=!\\s]\\S*\\s*$`;

/** Longer ones are refused unread; the longest legal one has about 60 characters. */
const MAX_LENGTH = 200;
const SHAPE =
  /^\s*(?:(?<stat>[^\s()<>=!]+)\s*\(\s*(?<inner>[^\s()]*)\s*\)|(?<bare>[^\s()<>=!]+))\s*(?<operator>[<>=!]+)\s*(?<bound>\S+)\s*$/;
const NUMBER = /^-?(\d+(\.\d+)?|\.\d+)$/;

/** @param groups of the fleet, whose metrics it may ask for; `any`: somebody has seen to that */
export function parseThreshold(text: string, groups: readonly string[] | 'any' = []): ParsedThreshold {
  const parts = text.length <= MAX_LENGTH ? SHAPE.exec(text)?.groups : undefined;
  if (!parts)
    return { ok: false, message: `${shown(text)}: expected something like "p95(reconnect_ms) < 45000" or "false_disconnects == 0"` };
  const stat = parts.stat ?? null;
  const name = parts.inner ?? parts.bare;
  const named = readMetricName(name);
  const problem = nameProblem(name, named, groups) ?? kindProblem(stat, named as Named) ?? operatorProblem(parts.operator);
  if (problem !== null || named === null) return { ok: false, message: `${shown(text)}: ${problem}` };
  const unit = unitOf(stat === null ? name : `${stat}(${name})`);
  const bound = quantityIn(unit, parts.bound);
  if (bound === null) {
    const message = `${shown(text)}: expected a number after ${parts.operator}${WITH_UNIT[unit] ?? ''}, not ${shown(parts.bound)}`;
    return { ok: false, message };
  }
  return { ok: true, threshold: { expr: text.trim(), stat, ...named, operator: parts.operator, bound } as Threshold };
}

export function evaluateThreshold(threshold: Threshold, metrics: Record<string, MetricValue>): ThresholdResult {
  // Of a group without boards there is nothing to be known.
  const metric = metrics[metricNameOf(threshold)] ?? null;
  const value = metric === null || typeof metric === 'number' ? metric : metric[threshold.stat ?? 'count'];
  const ok = value === null || OPERATORS[threshold.operator](value, threshold.bound);
  return { expr: threshold.expr, ok, value };
}

function nameProblem(name: string, named: Named | null, groups: readonly string[] | 'any'): string | null {
  if (named !== null && (named.group === '' || groups === 'any' || groups.includes(named.group))) return null;
  if (named === null || groups.length === 0)
    return `there is no metric ${shown(name)}; the nearest is ${nearest(name, Object.keys(METRICS))}`;
  return `no group is called "${named.group}": the fleet has ${(groups as readonly string[]).join(', ')}`;
}

function kindProblem(stat: string | null, named: Named): string | null {
  const metric = metricNameOf(named);
  const { kind } = METRICS[named.metric];
  if (kind === 'distribution' && stat === null) return `${metric} is a distribution; ask for one number of it, like p95(${metric})`;
  if (kind !== 'distribution' && stat !== null) return `${metric} is a ${kind} and takes no function; write just ${metric}`;
  if (stat === null || (FUNCTIONS as readonly string[]).includes(stat)) return null;
  return `there is no function ${shown(stat)}; the nearest is ${nearest(stat, FUNCTIONS)} (of ${FUNCTIONS.join(', ')})`;
}

function operatorProblem(operator: string): string | null {
  if (Object.hasOwn(OPERATORS, operator)) return null;
  return `there is no operator ${shown(operator)}; expected one of ${Object.keys(OPERATORS).join(' ')}`;
}

const WITH_UNIT: Record<string, string> = {
  ms: ', in milliseconds or with a unit (45s)',
  share: ' from 0 to 1, or a percentage (99.9%)',
  bytes: ', in bytes or with a unit (64KiB)',
};

/** Of a regular expression. */
function oneOf(words: readonly string[]): string {
  return `(${words.map((word) => word.replaceAll('.', '\\.')).join('|')})`;
}

/**
 * A number as it stands, or with a unit that fits the metric's (45s, 99.9%, 64KiB); null: no such quantity.
 * @param unit of unitOf
 */
export function quantityIn(unit: string, text: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  if (unit === 'ms') return parseDuration(text);
  if (unit === 'bytes') return parseSize(text);
  return unit === 'share' && text.endsWith('%') && NUMBER.test(text.slice(0, -1))
    ? Number((Number(text.slice(0, -1)) / PERCENT).toPrecision(DIGITS))
    : null;
}

const PERCENT = 100;
/** 99.9 hundredths are 0.999, and not what is left of it in binary. */
const DIGITS = 12;
