/** A step in plain words: `packets vanish (20% of the boards)`. */
import { formatDuration } from 'host/units';
import { type Spread, spreadWords } from '../kernel/spread.ts';
import type { Step } from './scenario.ts';
import { actionOf } from './steps/known.ts';
import { describeTarget } from './target.ts';

export function describeStep(step: Step): string {
  const action = actionOf(step);
  const what = action.describe(step.parameters);
  return action.targeted ? `${what} (${describeTarget(step.target)})` : what;
}

/** When it happens and for how long: `At 1m`, ` for 45s`. */
export function describeTimes({ atMs, every, times, forMs, forDrawn }: Step): { when: string; lasts: string } {
  const often = times === undefined ? '' : `, at most ${times} times`;
  const again = every === undefined ? '' : ` on, ${everyWords(every)}${often},`;
  const lasts = forDrawn === undefined ? (forMs === 0 ? '' : ` for ${formatDuration(forMs)}`) : `, each time for ${spreadWords(forDrawn)}`;
  return { when: `${every === undefined ? 'At' : 'From'} ${formatDuration(atMs)}${again}`, lasts };
}

function everyWords(every: Spread): string {
  return every.kind === 'exponential' ? `about every ${formatDuration(every.meanMs)} at random` : `again after ${spreadWords(every)}`;
}
