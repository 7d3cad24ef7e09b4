import { describe, expect, it } from 'vitest';
import { METRICS } from './registry.ts';
import type { MetricValue } from './result.ts';
import { evaluateThreshold, METRIC_PATTERN, parseThreshold, THRESHOLD_PATTERN } from './thresholds.ts';

const NONE = { count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
const SOME = { count: 4, min: 1, mean: 2, p50: 3, p90: 4, p95: 5, p99: 6, max: 7 };

function evaluate(text: string, metrics: Record<string, MetricValue>) {
  const parsed = parseThreshold(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return evaluateThreshold(parsed.threshold, metrics);
}

function complaint(text: string): string {
  const parsed = parseThreshold(text);
  return parsed.ok ? '' : parsed.message;
}

describe('a threshold', () => {
  it.each([
    ['p95(reconnect_ms) < 45000', 'p95', 'reconnect_ms', '<', 45_000],
    ['connects_per_s_peak < 50', null, 'connects_per_s_peak', '<', 50],
    ['false_disconnects == 0', null, 'false_disconnects', '==', 0],
    ['disconnects.ping_timeout<=3', null, 'disconnects.ping_timeout', '<=', 3],
    ['  channel_availability >= .995 ', null, 'channel_availability', '>=', 0.995],
    ['mean( ping_rtt_ms )!=0', 'mean', 'ping_rtt_ms', '!=', 0],
    ['count(detect_ms) > 1', 'count', 'detect_ms', '>', 1],
  ])('reads %s', (text, stat, metric, operator, bound) => {
    expect(text).toMatch(new RegExp(THRESHOLD_PATTERN));
    expect(parseThreshold(text)).toEqual({ ok: true, threshold: { expr: text.trim(), stat, metric, group: '', operator, bound } });
  });

  it('can be put on every metric of the registry', () => {
    for (const [name, { kind }] of Object.entries(METRICS)) {
      expect(complaint(kind === 'distribution' ? `max(${name}) < 1` : `${name} < 1`)).toBe('');
    }
  });

  it.each([
    ['p95(detect_ms) < 45s', 45_000],
    ['max(detect_ms) <= 1.5m', 90_000],
    ['channel_availability > 99.9%', 0.999],
    ['keepalive_bytes < 64KiB', 65_536],
    ['connects == 5', 5],
  ])('reads the unit of %j', (text, bound) => {
    expect(parseThreshold(text)).toMatchObject({ ok: true, threshold: { bound } });
  });

  it.each([
    ['p95(reconect_ms) < 1', 'there is no metric "reconect_ms"; the nearest is reconnect_ms'],
    ['disconnects.ping_timout == 0', 'there is no metric "disconnects.ping_timout"; the nearest is disconnects.ping_timeout'],
    ['constructor < 1', 'there is no metric "constructor"'],
    ['reconnect_ms < 1', 'reconnect_ms is a distribution; ask for one number of it, like p95(reconnect_ms)'],
    ['p95(connects) < 1', 'connects is a counter and takes no function; write just connects'],
    ['max(channel_availability) < 1', 'channel_availability is a gauge and takes no function'],
    ['p96(detect_ms) < 1', 'there is no function "p96"; the nearest is p90 (of p50, p90, p95, p99, min, max, mean, count)'],
    ['connects = 1', 'there is no operator "="; expected one of < <= > >= == !='],
    ['connects =< 1', 'there is no operator "=<"'],
    ['p95(detect_ms) < 45min', 'expected a number after <, in milliseconds or with a unit (45s), not "45min"'],
    ['count(detect_ms) < 45s', 'expected a number after <, not "45s"'],
    ['channel_availability > 99.9pct', 'expected a number after > from 0 to 1, or a percentage (99.9%), not "99.9pct"'],
    ['connects < 5s', 'expected a number after <, not "5s"'],
    ['connects < Infinity', 'expected a number after <, not "Infinity"'],
    ['connects < 0x10', 'expected a number after <'],
    ['connects < 1 2', 'expected something like'],
    ['p95(detect_ms < 1', 'expected something like'],
    ['', 'expected something like'],
    ['connects <', 'expected something like'],
    ['connects', 'expected something like'],
    [`connects < ${'1'.repeat(300)}`, 'expected something like'],
  ])('refuses %j', (text, message) => {
    expect(complaint(text)).toContain(message);
  });

  it.each([
    ['p95(reconnect_ms)', true],
    ['connects', true],
    ['disconnects.ping_timeout', true],
    ['disconnectsXping_timeout', false],
    ['reconnect_ms', false],
    ['p95(connects)', false],
    ['p96(reconnect_ms)', false],
    ['connects < 5', false],
  ])('is on one number of a run: %s is one, as an editor sees it: %s', (name, is) => {
    expect(new RegExp(METRIC_PATTERN).test(name)).toBe(is);
    expect(new RegExp(THRESHOLD_PATTERN).test(`${name} < 5`)).toBe(is);
    expect(complaint(`${name} < 5`) === '').toBe(is);
  });

  it.each([
    ['<', false, true],
    ['<=', true, true],
    ['>', false, false],
    ['>=', true, false],
    ['==', true, false],
    ['!=', false, true],
  ])('compares with %s', (operator, whenEqual, whenBelow) => {
    expect(evaluate(`connects ${operator} 5`, { connects: 5 }).ok).toBe(whenEqual);
    expect(evaluate(`connects ${operator} 5`, { connects: 4 }).ok).toBe(whenBelow);
  });

  it('asks a distribution for the number named', () => {
    for (const [name, value] of Object.entries(SOME)) expect(evaluate(`${name}(detect_ms) < 100`, { detect_ms: SOME }).value).toBe(value);
  });

  it('holds when there is no sample, except on the count', () => {
    expect(evaluate('p95(detect_ms) < 1', { detect_ms: NONE })).toEqual({ expr: 'p95(detect_ms) < 1', ok: true, value: null });
    expect(evaluate('count(detect_ms) > 0', { detect_ms: NONE })).toEqual({ expr: 'count(detect_ms) > 0', ok: false, value: 0 });
  });
});
