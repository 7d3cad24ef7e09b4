/** What to try after a run that missed what was asked of it: the first rule that explains it. */
import type { Advice, Facts } from './rule.ts';
import { RULES } from './rules.ts';

export type { Advice } from './rule.ts';

export function adviceFor(facts: Facts): Advice | null {
  if (facts.summary.interrupted || [...facts.summary.checks, ...facts.summary.thresholds].every(({ ok }) => ok)) return null;
  for (const rule of Object.values(RULES)) {
    const advice = rule(facts);
    if (advice !== null) return advice;
  }
  return null;
}
