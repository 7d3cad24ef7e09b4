/**
 * A timer that is set and moved far more often than it fires (a retransmission timer is moved by every
 * acknowledgement).
 *
 * It keeps one event in the queue and a deadline beside it: moving the deadline later costs nothing, and the
 * event, when it comes too early, is queued again. Only a deadline earlier than the queued event needs
 * another event; the older one is then recognised by its number and ignored.
 */
import type { Handler } from './queue.ts';
import type { Timeline } from './timeline.ts';

const NEVER = Number.POSITIVE_INFINITY;

export class LazyTimer implements Handler {
  private readonly kernel: Timeline;
  private readonly onDeadline: () => void;
  private queuedForUs = NEVER;
  private generation = 0;
  deadlineUs = NEVER;

  constructor(kernel: Timeline, onDeadline: () => void) {
    this.kernel = kernel;
    this.onDeadline = onDeadline;
  }

  get armed(): boolean {
    return this.deadlineUs !== NEVER;
  }

  arm(atUs: number): void {
    this.deadlineUs = atUs;
    if (atUs < this.queuedForUs) this.enqueue(atUs);
  }

  disarm(): void {
    this.deadlineUs = NEVER;
  }

  onEvent(generation: unknown): void {
    if (generation !== this.generation) return;
    this.queuedForUs = NEVER;
    if (this.deadlineUs === NEVER) return;
    if (this.deadlineUs > this.kernel.nowUs) {
      this.enqueue(this.deadlineUs);
      return;
    }
    this.deadlineUs = NEVER;
    this.onDeadline();
  }

  private enqueue(atUs: number): void {
    this.queuedForUs = atUs;
    this.generation = (this.generation + 1) & 0x3fffffff;
    this.kernel.schedule(atUs, this, this.generation);
  }
}
