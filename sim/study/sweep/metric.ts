/**
 * The metrics of a study: one number per run each, named as thresholds name them (`false_disconnects`,
 * `p95(reconnect_ms)`).
 *
 * A distribution's number is that of one run; what a study averages is that number over the seeds, so a mean
 * of `p99(…)` is no p99 of all samples.
 */
import { specOf } from '../../measure/registry.ts';
import type { MetricValue } from '../../measure/result.ts';
import { evaluateThreshold, parseThreshold } from '../../measure/thresholds.ts';

/** What a study is about unless it says otherwise: availability, its price, and how long things took. */
export const DEFAULT_METRICS: readonly string[] = [
  'channel_availability',
  'messages_lost',
  'connects',
  'disconnects',
  'false_disconnects',
  'connects_per_s_peak',
  'keepalive_bytes',
  'tcp_retransmits',
  'mean(detect_ms)',
  'max(detect_ms)',
  'mean(board_detect_ms)',
  'mean(reconnect_ms)',
  'p99(reconnect_ms)',
  'mean(recovery_ms)',
  'max(recovery_ms)',
  'p99(message_latency_ms)',
  'max(main_loop_stall_ms)',
];

/** Makes a threshold of a metric, of which only the left side is wanted. */
const ANY_BOUND = ' >= 0';

/** What is wrong with the name, or null. @param groups of the fleet, whose metrics it may be */
export function metricProblem(name: string, groups: readonly string[] | 'any' = 'any'): string | null {
  const parsed = parseThreshold(name + ANY_BOUND, groups);
  if (parsed.ok) return null;
  const message = parsed.message.replaceAll(ANY_BOUND, '');
  return message.includes('expected something like')
    ? `${JSON.stringify(name)}: expected a metric like false_disconnects or p95(reconnect_ms)`
    : message;
}

/** Of one run; null: it had no sample. @param name without a `metricProblem` */
export function metricOf(name: string, metrics: Record<string, MetricValue>): number | null {
  const parsed = parseThreshold(name + ANY_BOUND, 'any');
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateThreshold(parsed.threshold, metrics).value;
}

export function isBetterHigh(name: string): boolean {
  return specOf(name)?.betterHigh === true;
}
