/**
 * A timeline on the wall clock: events are delivered when they are due in real time, and what comes in from
 * real sockets finds the clock at now.
 *
 * No loop runs while nothing is due; one timer of the clock stands for the whole queue. Timers of a real
 * clock are late by a millisecond or two, and so are events; the times that the model computes with are
 * exact.
 */
import type { Clock, TimerId } from 'hal';
import { EventQueue, type Handler } from '../kernel/queue.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs, US_PER_MS } from '../kernel/units.ts';

export class WallKernel implements Timeline {
  private readonly clock: Clock;
  private readonly startedAtMs: number;
  private readonly queue = new EventQueue();
  private timer: TimerId | null = null;
  private timerAtUs = Number.POSITIVE_INFINITY;
  private busy = false;
  private closed = false;
  nowUs = 0;
  eventCount = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.startedAtMs = clock.now();
  }

  schedule(atUs: number, handler: Handler, argument: unknown): void {
    this.queue.push(Math.max(atUs, this.nowUs), handler, argument);
    if (!this.busy) this.arm();
  }

  /** Node takes its turns by itself between two events. */
  touchStreams(): void {}

  /**
   * Every event from outside (a socket's, a request's) comes in here: `work` runs at the present time, after
   * what is due.
   */
  enter(work: () => void): void {
    if (this.busy) {
      work();
      return;
    }
    this.deliver();
    this.busy = true;
    try {
      work();
    } finally {
      this.busy = false;
    }
    this.deliver();
  }

  /** Nothing is delivered any more. */
  close(): void {
    this.closed = true;
    this.disarm();
  }

  private deliver(): void {
    const nowUs = Math.floor((this.clock.now() - this.startedAtMs) * US_PER_MS);
    this.busy = true;
    try {
      while (!this.closed && this.queue.nextUs <= nowUs) {
        this.nowUs = Math.max(this.nowUs, this.queue.nextUs);
        this.eventCount++;
        this.queue.deliverNext();
      }
    } finally {
      this.busy = false;
    }
    this.nowUs = Math.max(this.nowUs, nowUs);
    this.arm();
  }

  private arm(): void {
    const { nextUs } = this.queue;
    if (this.closed || nextUs === Number.POSITIVE_INFINITY || nextUs >= this.timerAtUs) return;
    this.disarm();
    this.timerAtUs = nextUs;
    const elapsedMs = this.clock.now() - this.startedAtMs;
    this.timer = this.clock.setTimeout(() => this.clockOnTimer(), Math.max(0, msFromUs(nextUs) - elapsedMs));
  }

  private disarm(): void {
    if (this.timer !== null) this.clock.clearTimeout(this.timer);
    this.timer = null;
    this.timerAtUs = Number.POSITIVE_INFINITY;
  }

  private clockOnTimer(): void {
    this.timer = null;
    this.timerAtUs = Number.POSITIVE_INFINITY;
    this.deliver();
  }
}
