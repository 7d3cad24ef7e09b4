/** A metric for people: its number in its unit. */
import { formatCount, formatMs, formatShare } from 'host/format';
import { specOf } from './registry.ts';

/** `p95(reconnect_ms)` → ms. */
export function unitOf(name: string): string {
  const metric = /\((.*)\)/.exec(name)?.[1] ?? name;
  return name.startsWith('count(') ? 'samples' : (specOf(metric)?.unit ?? '');
}

/**
 * In the metric's unit; null is a dash. @param name as thresholds write it: `p95(reconnect_ms)`, `connects`
 */
export function formatMetric(name: string, value: number | null): string {
  if (value === null) return '–';
  if (value < 0) return `−${formatMetric(name, -value)}`;
  const unit = unitOf(name);
  if (unit === 'ms') return formatMs(value);
  if (unit === 'share') return formatShare(value);
  return value >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)));
}
