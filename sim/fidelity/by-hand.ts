/**
 * One condition of the user's own: the model's figures, for comparison with a measurement that only the user
 * has.
 */
import { blackout, noBlackoutSamples } from './blackout.ts';
import type { Conditions } from './path.ts';
import { type Summary, shareOver, summarize } from './statistics.ts';
import { noSamples, steady } from './steady.ts';

/** The share that is told of one-way latencies: over so many ms, whatever the path's delay. */
const LATE_MS = 70;

export interface SteadyResult {
  one_way_ms: Summary & { over_70ms: number | null };
  app_rtt_ms: Summary;
  connect_ms: Summary;
  retransmits_per_message: number | null;
}

export interface BlackoutResult {
  lag_ms: { min: number | null; mean: number | null; p50: number | null; p90: number | null; max: number | null };
}

/** @param seeds worlds, each with 30 connections */
export async function steadyResult(conditions: Conditions, seeds: readonly number[], durationMs: number): Promise<SteadyResult> {
  const samples = noSamples();
  for (const seed of seeds) await steady(conditions, seed, durationMs, samples);
  return {
    one_way_ms: { ...summaryOf(samples.oneWayMs), over_70ms: rounded(shareOver(samples.oneWayMs, LATE_MS)) },
    app_rtt_ms: summaryOf(samples.appRttMs),
    connect_ms: summaryOf(samples.connectMs),
    retransmits_per_message: samples.messages === 0 ? null : rounded(samples.clientRetransmits / samples.messages),
  };
}

export async function blackoutResult(
  conditions: Conditions,
  seeds: readonly number[],
  blackoutMs: number,
  settleMs: number,
): Promise<BlackoutResult> {
  const samples = noBlackoutSamples();
  for (const seed of seeds) await blackout(conditions, seed, blackoutMs, samples, settleMs);
  const { min, mean, p50, p90, max } = summarize(samples.lagMs);
  return { lag_ms: { min: rounded(min), mean: rounded(mean), p50: rounded(p50), p90: rounded(p90), max: rounded(max) } };
}

function summaryOf(samples: number[]): Summary {
  const { mean, p50, p90, p95, p99, max } = summarize(samples);
  return { mean: rounded(mean), p50: rounded(p50), p90: rounded(p90), p95: rounded(p95), p99: rounded(p99), max: rounded(max) };
}

/** Shares to 1e-6, times to the nanosecond: enough to hide binary fractions. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}
