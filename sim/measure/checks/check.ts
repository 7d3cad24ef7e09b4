/**
 * What every check is: one invariant, judged from the events of a run. A new check is one file, one test, and
 * one line in index.ts.
 */
import type { WorldEvent } from '../../kernel/events.ts';
import type { CheckResult } from '../result.ts';
import type { CheckSettings } from './settings.ts';

export interface Check {
  /** Every event of the run, in order. The object is not to be kept. */
  on(event: WorldEvent): void;
  /** @param nowUs the end of the run, drain included */
  finish(nowUs: number): CheckResult;
}

export interface CheckSpec {
  /** The invariant in one sentence, for people. */
  about: string;
  /** Judged only in scenarios that name it; left out: also where no checks are named. */
  onlyWhenNamed?: true;
  create(settings: CheckSettings): Check;
}
