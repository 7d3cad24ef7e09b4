/**
 * An RxJS scheduler on the world's clock, so that scenario timelines and studies are written with RxJS
 * operators (`timer(60_000, scheduler)`) in virtual time. The world's own events do not pass through it:
 * RxJS's virtual scheduler keeps a sorted array, which a large fleet would feel.
 */
import type { Handler } from './queue.ts';
import { type SchedulerAction, type SchedulerLike, Subscription } from './rx.ts';
import type { Timeline } from './timeline.ts';
import { msFromUs, usFromMs } from './units.ts';

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

class WorldAction<T> extends Subscription implements Handler {
  private readonly kernel: Timeline;
  private readonly work: Work<T>;
  private state?: T;
  private pending = 0;

  constructor(kernel: Timeline, work: Work<T>) {
    super();
    this.kernel = kernel;
    this.work = work;
  }

  schedule(state?: T, delayMs = 0): Subscription {
    if (this.closed) return this;
    this.state = state;
    this.kernel.schedule(this.kernel.nowUs + usFromMs(Math.max(0, delayMs)), this, ++this.pending);
    return this;
  }

  onEvent(ticket: unknown): void {
    if (this.closed || ticket !== this.pending) return;
    this.work.call(this as SchedulerAction<T>, this.state);
  }
}

export class WorldScheduler implements SchedulerLike {
  private readonly kernel: Timeline;

  constructor(kernel: Timeline) {
    this.kernel = kernel;
  }

  now(): number {
    return msFromUs(this.kernel.nowUs);
  }

  schedule<T>(work: Work<T>, delayMs = 0, state?: T): Subscription {
    return new WorldAction(this.kernel, work).schedule(state, delayMs);
  }
}
