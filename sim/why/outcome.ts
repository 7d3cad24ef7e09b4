/** What is asked after: something that came of a run, of which another run says whether it came of it too. */
import { formatMs } from 'host/format';
import { boardId } from '../kernel/board-id.ts';
import { CHECKS } from '../measure/checks/index.ts';
import type { CheckResult, ThresholdResult } from '../measure/result.ts';
import type { Scenario } from '../scenario/scenario.ts';

export type Outcome =
  /** The check of that name breaks, or what a step expects that is called so does not come true. */
  | { kind: 'check'; name: string }
  /** The threshold is missed. */
  | { kind: 'threshold'; expr: string }
  /** The board has no open channel at that time. */
  | { kind: 'offline'; board: number; atMs: number };

/** What became of it in one run. */
export interface Verdict {
  happened: boolean;
  /** How, in words; '' when there is no more to say. */
  detail: string;
  /**
   * When it was known to have happened, ms; from then on no luck counts. The end of the run, where that says
   * all.
   */
  knownAtMs: number;
  /** Of the trace up to the time that was asked for; '' when none was. */
  digest: string;
}

/** Completes "it is asked why …". */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'check':
      return `the check ${outcome.name} broke`;
    case 'threshold':
      return `${outcome.expr} was missed`;
    case 'offline':
      return `${boardId(outcome.board)} had no open channel at ${formatMs(outcome.atMs)}`;
  }
}

/** The flags that ask for it. */
export function outcomeFlags(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case 'check':
      return ['--check', outcome.name];
    case 'threshold':
      return ['--threshold', outcome.expr];
    case 'offline':
      return ['--board', boardId(outcome.board), '--at', `${outcome.atMs}ms`];
  }
}

/** The first that failed. null: nothing did. */
export function firstFailure({
  checks,
  thresholds,
}: {
  checks: readonly CheckResult[];
  thresholds: readonly ThresholdResult[];
}): Outcome | null {
  const check = checks.find(({ ok }) => !ok);
  if (check !== undefined) return { kind: 'check', name: check.name };
  const threshold = thresholds.find(({ ok }) => !ok);
  return threshold === undefined ? null : { kind: 'threshold', expr: threshold.expr };
}

/** The same run, judged by nothing but what is asked after: that changes no event. */
export function judgedBy(scenario: Scenario, outcome: Outcome): Scenario {
  return {
    ...scenario,
    checks: outcome.kind === 'check' && Object.hasOwn(CHECKS, outcome.name) ? [outcome.name] : [],
    thresholds: outcome.kind === 'threshold' ? [outcome.expr] : [],
  };
}
