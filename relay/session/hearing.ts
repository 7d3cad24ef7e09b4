/**
 * When the relay could not hear: its event loop was busy with something else, or the process stood still. A
 * keepalive must not hold that against anybody.
 *
 * A timer that should come every 100 ms says by how late it is for how long nothing was read.
 */
import type { Clock, TimerId } from 'hal';

const LOOK_MS = 100;
/** Less is how timers are; no ping timeout is that short. */
const MIN_DEAF_MS = 50;

export class Hearing {
  private readonly clock: Clock;
  private timer: TimerId = 0;
  private dueMs = Number.POSITIVE_INFINITY;
  private deafBeforeMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** In all so far, ms: also as long as the timer has not come yet. */
  get deafMs(): number {
    const lateMs = this.clock.now() - this.dueMs;
    return lateMs >= MIN_DEAF_MS ? this.deafBeforeMs + lateMs : this.deafBeforeMs;
  }

  start(): void {
    this.dueMs = this.clock.now() + LOOK_MS;
    this.timer = this.clock.setTimeout(this.look, LOOK_MS);
  }

  stop(): void {
    this.clock.clearTimeout(this.timer);
    this.deafBeforeMs = this.deafMs;
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  private readonly look = (): void => {
    this.deafBeforeMs = this.deafMs;
    this.start();
  };
}
