/**
 * What a tuned setting has to keep: thresholds (measure/thresholds.ts) on the mean over seeds, decided by its
 * 95 % interval.
 *
 * As in a sweep's table, the number of a run comes first: `p99(detect_ms) < 15000` is about the mean of the
 * runs' p99s. Unlike a threshold, a goal is not kept by a run without a sample: what never happened was not
 * shown.
 */
import { parseThreshold, subjectOf } from '../../measure/thresholds.ts';
import type { Estimate } from '../statistics/statistics.ts';

export interface Goal {
  expr: string;
  /** As a study names it: `p99(detect_ms)`. */
  metric: string;
  operator: '<' | '<=' | '>' | '>=';
  bound: number;
}

/** met: the whole interval keeps it; missed: none of it does. */
export type Verdict = 'met' | 'missed' | 'open';

/** One or more, joined by `and`. Or what is wrong with the text. */
export function parseGoals(text: string): Goal[] | string {
  const goals: Goal[] = [];
  for (const part of text.split(/\s+and\s+/i)) {
    const parsed = parseThreshold(part, 'any');
    if (!parsed.ok) return parsed.message;
    const { expr, operator, bound } = parsed.threshold;
    if (operator === '==' || operator === '!=')
      return `${JSON.stringify(expr)}: expected <, <=, > or >=: a goal is about a mean over seeds, which is hardly ever exactly a number`;
    goals.push({ expr, metric: subjectOf(parsed.threshold), operator, bound });
  }
  return goals;
}

/** @param trusted runs from which on a spread of zero is believed */
export function judge({ operator, bound }: Goal, { n, low, high }: Estimate, trusted: number): Verdict {
  if (low === null || high === null || (low === high && n < trusted)) return 'open';
  switch (operator) {
    case '<':
      return high < bound ? 'met' : low >= bound ? 'missed' : 'open';
    case '<=':
      return high <= bound ? 'met' : low > bound ? 'missed' : 'open';
    case '>':
      return low > bound ? 'met' : high <= bound ? 'missed' : 'open';
    case '>=':
      return low >= bound ? 'met' : high < bound ? 'missed' : 'open';
  }
}

/** By how much the mean misses it, as a share of the bound; 0: it keeps it; without a sample infinite. */
export function shortfall({ operator, bound }: Goal, { mean }: Estimate): number {
  if (mean === null) return Infinity;
  const beyond = operator.startsWith('<') ? mean - bound : bound - mean;
  if (beyond < 0 || (beyond === 0 && operator.endsWith('='))) return 0;
  // On the very bound of `<` it is missed, by next to nothing.
  return Math.max(beyond / (Math.abs(bound) || 1), Number.EPSILON);
}
