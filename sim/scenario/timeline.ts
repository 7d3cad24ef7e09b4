/**
 * Plays the steps of a scenario on a world: each at its time, undone after its `for`.
 *
 * Steps that are due together run in the order of the file. Which boards a share picks is drawn when the step
 * begins, from a stream that is the step's own.
 */
import { Observable, Subscription } from '../kernel/rx.ts';
import type { ProxyControls } from '../world/controls/controls.ts';
import { describeStep } from './describe-step.ts';
import type { Chance, Faults } from './faults.ts';
import type { Step } from './scenario.ts';
import type { ActionOn } from './steps/action.ts';
import { pickBoards } from './target.ts';

/** What the timeline needs of a world. @template C its controls */
export interface TimelineWorld<C extends ProxyControls> extends Chance {
  /** By which steps move it, together with whoever else does. */
  faults: Faults<C>;
  /** What can be done with its controls, by name; every step's action among them. */
  actions: Readonly<Record<string, ActionOn<C>>>;
}

/** A step was applied, or undone. */
export interface StepEvent {
  action: string;
  /** In plain words, for the trace. */
  what: string;
}

/** What steps need to find when they begin. To be called once, when the world has started. */
export function prepareSteps<C extends ProxyControls>(
  steps: readonly Step[],
  { faults, actions }: Pick<TimelineWorld<C>, 'faults' | 'actions'>,
): void {
  for (const action of new Set(steps.map((step) => step.action))) actions[action].prepare?.(faults.controls);
}

/**
 * Emits after each change to the world. Nothing happens before it is subscribed to, which is to be done at
 * time 0.
 */
export function playTimeline<C extends ProxyControls>(steps: readonly Step[], world: TimelineWorld<C>): Observable<StepEvent> {
  return new Observable((subscriber) => {
    steps.forEach((step, index) => {
      subscriber.add(
        world.scheduler.schedule(() => void playStep(step, step.number ?? index, world, (event) => subscriber.next(event)), step.atMs),
      );
    });
  });
}

/**
 * Plays one step now, as the `index`-th of the run.
 * @param tell called after each change to the world
 * @returns ends it before its time, if it has not ended
 */
export function playStep<C extends ProxyControls>(
  step: Step,
  index: number,
  world: TimelineWorld<C>,
  tell: (event: StepEvent) => void,
): Subscription {
  const { faults, actions, random } = world;
  const action = actions[step.action];
  const what = describeStep(step);
  const { controls } = faults;
  const among = action.among?.(controls, step.parameters);
  const whom = { boardCount: controls.boardCount, membersOf: among?.membersOf ?? controls.membersOf };
  const boards = action.targeted ? pickBoards(step.target, whom, random(`step-${index}`), among?.eligible) : [];
  // A rollout that is done goes on in silence.
  if (among !== undefined && boards.length === 0) return new Subscription();
  const undo = action.apply(faults, boards, step.parameters);
  tell({ action: step.action, what });
  const end = new Subscription(() => {
    undo();
    tell({ action: step.action, what: `over: ${what}` });
  });
  if (step.forMs > 0) world.scheduler.schedule(() => end.unsubscribe(), step.forMs);
  return end;
}
