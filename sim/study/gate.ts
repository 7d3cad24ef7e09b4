/**
 * A regression gate: by how much a metric may be worse than it was, as `channel_availability -0.5%` or
 * `p95(reconnect_ms) +2s`.
 *
 * `%` is of the value before; anything else is in the metric's unit. Which way is worse, the metric's
 * registry says. Of studies the means are compared, and what may be chance does not count.
 */
import { nearest } from 'host/nearest';
import { shown } from 'host/shown';
import { formatMetric, unitOf } from '../measure/format-metric.ts';
import { quantityIn } from '../measure/thresholds.ts';
import type { ComparedMetric } from './compare.ts';
import { cellName } from './labels.ts';
import { isBetterHigh, metricProblem } from './sweep/metric.ts';

export interface Gate {
  expr: string;
  metric: string;
  /** How much worse, in the metric's unit; a share of the value before when it is relative. */
  amount: number;
  isRelative: boolean;
}

export type ParsedGate = { gate: Gate; problem: null } | { gate: null; problem: string };

const SHAPE = /^\s*(?<metric>[^\s+−-]+(?:\s*\(\s*[^\s()]*\s*\))?)\s*(?<sign>[+−-])\s*(?<amount>[\d.]\S*)\s*$/;
/** Longer ones are refused unread. */
const MAX_LENGTH = 200;
const PERCENT = 100;
const NUMBER = /^(\d+(\.\d+)?|\.\d+)$/;

export function parseGate(text: string): ParsedGate {
  const failed = (problem: string): ParsedGate => ({ gate: null, problem: `${shown(text)}: ${problem}` });
  const parts = text.length <= MAX_LENGTH ? SHAPE.exec(text)?.groups : undefined;
  if (parts === undefined)
    return failed('expected a metric and by how much it may be worse, like "channel_availability -0.5%" or "p95(reconnect_ms) +2s"');
  const metric = parts.metric.replace(/\s/g, '');
  const problem = metricProblem(metric);
  if (problem !== null) return { gate: null, problem };
  const isLessWorse = isBetterHigh(metric);
  if (isLessWorse !== (parts.sign !== '+')) {
    const words = isLessWorse ? 'more of it is better, so it is worse when it falls' : 'less of it is better, so it is worse when it rises';
    return failed(`${words}; expected "${metric} ${isLessWorse ? '-' : '+'}${parts.amount}"`);
  }
  const isRelative = parts.amount.endsWith('%');
  const amount = isRelative ? percentage(parts.amount.slice(0, -1)) : quantityIn(unitOf(metric), parts.amount);
  if (amount === null)
    return failed(`expected a number after ${parts.sign}, of ${metric} itself or in % of what it was, not ${shown(parts.amount)}`);
  return { gate: { expr: text.trim(), metric, amount, isRelative }, problem: null };
}

function percentage(text: string): number | null {
  return NUMBER.test(text) ? Number(text) / PERCENT : null;
}

/** `noise`: worse by more than that, as far as the means go, and the interval of the difference holds 0. */
export type Judgement = 'kept' | 'worse' | 'noise' | 'no sample';

export interface Judged {
  expr: string;
  parameters: Record<string, unknown>;
  a: number | null;
  b: number | null;
  /** What b had to keep to; null without a. */
  limit: number | null;
  judgement: Judgement;
  /** In a sentence without its end. */
  words: string;
}

/** One for each cell. @returns in words what is wrong when there is no such metric on both sides */
export function judge(gate: Gate, compared: readonly ComparedMetric[]): Judged[] | string {
  const found = compared.filter(({ metric }) => metric === gate.metric);
  if (found.length > 0) return found.map((one) => judgeOne(gate, one));
  const metrics = [...new Set(compared.map(({ metric }) => metric))];
  return `${shown(gate.expr)}: not among the metrics that both have; the nearest is ${nearest(gate.metric, metrics)}`;
}

function judgeOne({ expr, metric, amount, isRelative }: Gate, one: ComparedMetric): Judged {
  const { parameters, a, b, moreThanNoise } = one;
  const sign = isBetterHigh(metric) ? -1 : 1;
  const limit = a === null ? null : rounded(a + sign * (isRelative ? Math.abs(a) * amount : amount));
  const isWorse = limit !== null && b !== null && sign * rounded(b) > sign * limit;
  const judgement = limit === null || b === null ? 'no sample' : !isWorse ? 'kept' : moreThanNoise === false ? 'noise' : 'worse';
  return { expr, parameters, a, b, limit, judgement, words: wordsOf(metric, one, expr) };
}

/** Of sums of binary fractions the last digits are not meant. */
const DIGITS = 12;

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** `p99(reconnect_ms) 1.2 s, was 1 s, +20 % (allowed: p99(reconnect_ms) +10%)` */
function wordsOf(metric: string, { parameters, a, b, relative }: ComparedMetric, expr: string): string {
  const cell = Object.keys(parameters).length === 0 ? '' : ` with ${cellName(parameters)}`;
  const change = relative === null ? '' : `, ${relative > 0 ? '+' : '−'}${Number((Math.abs(relative) * PERCENT).toPrecision(3))} %`;
  return `${metric} ${formatMetric(metric, b)}${cell}, was ${formatMetric(metric, a)}${change} (allowed: ${expr})`;
}
