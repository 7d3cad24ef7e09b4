/**
 * Plays the steps of a scenario on a world: each at its time, undone after its `for`.
 *
 * Steps that are due together run in the order of the file. Which boards a share picks is drawn when the step begins, from a stream that is the
 * step's own.
 */
import { concat, EMPTY, map, merge, type Observable, type SchedulerLike, switchMap, tap, timer } from '../kernel/rx.ts';
import type { WorldControls } from './controls.ts';
import { describeStep } from './describe-step.ts';
import { Faults } from './faults.ts';
import type { Step } from './scenario.ts';
import { ACTIONS } from './steps/index.ts';
import { pickBoards } from './target.ts';

/** What the timeline needs of a world. */
export interface TimelineWorld {
  controls: WorldControls;
  /** Counts the world's milliseconds. */
  scheduler: SchedulerLike;
  /** The random stream of that name, from its beginning: numbers uniform over [0, 1). */
  random(name: string): () => number;
}

/** A step was applied, or undone. */
export interface StepEvent {
  action: string;
  /** In plain words, for the trace. */
  what: string;
}

/** Emits after each change to the world. Nothing happens before it is subscribed to, which is to be done at time 0. */
export function playTimeline(steps: readonly Step[], world: TimelineWorld): Observable<StepEvent> {
  const faults = new Faults(world.controls);
  return merge(...steps.map((step, index) => playStep(step, index, faults, world)));
}

function playStep(step: Step, index: number, faults: Faults, world: TimelineWorld): Observable<StepEvent> {
  const action = ACTIONS[step.action];
  const begin = () => {
    const boards = action.targeted ? pickBoards(step.target, world.controls.boardCount, world.random(`step-${index}`)) : [];
    return action.apply(faults, boards, step.parameters);
  };
  const what = describeStep(step);
  return timer(step.atMs, world.scheduler).pipe(
    map(begin),
    switchMap((undo) => {
      const end = step.forMs === 0 ? EMPTY : timer(step.forMs, world.scheduler).pipe(tap(undo));
      return concat([{ action: step.action, what }], end.pipe(map(() => ({ action: step.action, what: `over: ${what}` }))));
    }),
  );
}
