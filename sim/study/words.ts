/** Numbers and names of a study for people: cells by their settings, metrics with their unit, means with what they may be wrong by. */
import { formatCount, formatMs, formatShare } from '../report/format.ts';
import { unitOf } from './metric.ts';
import type { Estimate } from './statistics.ts';
import { writeValue } from './study.ts';
import type { StudyTable } from './table.ts';

/** `10s, full`: a cell by the values of its parameters alone. */
export function cellName(parameters: Record<string, unknown>): string {
  return Object.values(parameters).map(writeValue).join(', ');
}

/** In the metric's unit; null is a dash. */
export function formatMetric(name: string, value: number | null): string {
  if (value === null) return '–';
  if (value < 0) return `−${formatMetric(name, -value)}`;
  const unit = unitOf(name);
  if (unit === 'ms') return formatMs(value);
  if (unit === 'share') return formatShare(value);
  return value >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)));
}

/** `1.2 s ± 0.1 s` */
export function formatEstimate(name: string, { mean, high }: Estimate): string {
  if (mean === null || high === null || high === mean) return formatMetric(name, mean);
  const half = high - mean;
  return `${formatMetric(name, mean)} ± ${unitOf(name) === 'share' ? `${Number((half * 100).toPrecision(2))} %` : formatMetric(name, half)}`;
}

/** Metrics whose mean is not the same in all cells: what the study found to matter. */
export function varyingMetrics({ metrics, cells }: StudyTable): string[] {
  return metrics.filter((name) => new Set(cells.map((cell) => cell.metrics[name].mean)).size > 1);
}
