/**
 * What a piece of advice is: why a run missed what was asked of it, and the settings whose change would help.
 */
import type { CheckResult, Summary } from '../measure/result.ts';
import { parseThreshold, type Threshold } from '../measure/thresholds.ts';
import type { Scenario } from '../scenario/scenario.ts';

export interface Advice {
  /** A sentence without its full stop. */
  because: string;
  /** As a scenario file names and writes them: `relay.ping_interval`, `10s`. */
  settings: readonly (readonly [path: string, value: string])[];
}

export interface Facts {
  summary: Summary;
  scenario: Scenario;
}

/** @returns null when the rule does not explain what was missed */
export type Rule = (facts: Facts) => Advice | null;

/** The first threshold that was missed on one of these metrics because its value was too high. */
export function tooHigh({ thresholds }: Summary, metrics: readonly string[]): Threshold | null {
  for (const { ok, expr } of thresholds) {
    if (ok) continue;
    const parsed = parseThreshold(expr, 'any');
    if (!parsed.ok || !metrics.includes(parsed.threshold.metric)) continue;
    if (['<', '<=', '=='].includes(parsed.threshold.operator)) return parsed.threshold;
  }
  return null;
}

export function failed(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter(({ ok }) => !ok);
}
