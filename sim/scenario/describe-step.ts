/** A step in plain words: `packets vanish (20% of the boards)`. */
import type { Step } from './scenario.ts';
import { ACTIONS } from './steps/index.ts';
import { describeTarget } from './target.ts';

export function describeStep(step: Step): string {
  const action = ACTIONS[step.action];
  const what = action.describe(step.parameters);
  return action.targeted ? `${what} (${describeTarget(step.target)})` : what;
}
