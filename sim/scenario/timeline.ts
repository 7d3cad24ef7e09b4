/**
 * Plays the steps of a scenario on a world: each at its time, undone after its `for`.
 *
 * Steps that are due together run in the order of the file. Which boards a share picks is drawn when the step
 * begins, from a stream that is the step's own.
 */
import { Observable, type Subscriber } from '../kernel/rx.ts';
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
      subscriber.add(world.scheduler.schedule(() => playStep(step, index, world, subscriber), step.atMs));
    });
  });
}

function playStep<C extends ProxyControls>(step: Step, index: number, world: TimelineWorld<C>, subscriber: Subscriber<StepEvent>): void {
  const { faults, actions, random } = world;
  const action = actions[step.action];
  const what = describeStep(step);
  const boards = action.targeted ? pickBoards(step.target, faults.controls.boardCount, random(`step-${index}`)) : [];
  const undo = action.apply(faults, boards, step.parameters);
  subscriber.next({ action: step.action, what });
  if (step.forMs === 0) return;
  const end = () => {
    undo();
    subscriber.next({ action: step.action, what: `over: ${what}` });
  };
  subscriber.add(world.scheduler.schedule(end, step.forMs));
}
