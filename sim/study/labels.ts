/**
 * Numbers and names of a study for people: cells by their settings, metrics with their unit, means with what
 * they may be wrong by.
 */
import { formatCount, formatMs } from 'host/format';
import { formatMetric, unitOf } from '../measure/format-metric.ts';
import type { Estimate } from './statistics/statistics.ts';
import { writeValue } from './sweep/study.ts';
import type { StudyTable } from './sweep/table.ts';

/** `10s · full`: a cell by the values of its parameters alone. */
export function cellName(parameters: Record<string, unknown>): string {
  return Object.values(parameters).map(valueName).join(' · ');
}

/** A text as it is, anything else as YAML. */
export function valueName(value: unknown): string {
  return typeof value === 'string' ? value : writeValue(value);
}

/** Of fields that take bare numbers. */
const PARAMETER_UNITS: Record<string, string> = {
  'link.loss': 'share of packets',
  'link.drop_rate': 'share of packets',
  'link.burst': 'packets',
  'link.rssi': 'dBm',
  'link.dtim': 'beacons',
  'boards.count': 'boards',
  'boards.config.outbox': 'messages',
};

/** A parameter with its unit, where its values do not have it with them. */
export function axisName({ name, values }: StudyTable['parameters'][number]): string {
  if (!values.every((value) => typeof value === 'number')) return name;
  const unit = name.endsWith('_ms') ? 'ms' : PARAMETER_UNITS[name];
  return unit === undefined ? name : `${name} (${unit})`;
}

/** A metric with its unit. */
export function axisTitle(metric: string): string {
  return `${metric} (${unitName(metric)})`;
}

function unitName(metric: string): string {
  const unit = unitOf(metric);
  if (unit === 'ms') return 'time';
  if (unit === 'share') return 'share of board-time';
  return unit === 'per second' ? 'sessions per second' : `${unit} per run`;
}

/** Over a figure whose numbers are estimates. */
export function metricTitle(metric: string): string {
  return `${axisTitle(metric)}, mean of the runs ± half of its 95 % interval`;
}

/** `1.2 s ± 0.1 s` */
export function formatEstimate(name: string, { mean, high }: Estimate): string {
  const half = mean === null || high === null || high === mean ? '0' : formatHalf(name, high - mean);
  return half === '0' ? formatMetric(name, mean) : `${formatMetric(name, mean)} ± ${half}`;
}

/** Less does not show in a share of two decimals. */
const MIN_SHARE = 0.00005;

/** Half an interval: two digits say how sure a mean is. */
function formatHalf(name: string, half: number): string {
  const unit = unitOf(name);
  if (unit === 'ms') return formatMs(half);
  if (unit === 'share') return half < MIN_SHARE ? '0' : `${Number((half * 100).toFixed(2))} %`;
  return half >= 100 ? formatCount(half) : String(Number(half.toPrecision(2)));
}

/** Metrics whose mean is not the same in all cells: what the study found to matter. */
export function varyingMetrics({ metrics, cells }: StudyTable): string[] {
  return metrics.filter((name) => new Set(cells.map((cell) => cell.metrics[name].mean)).size > 1);
}
