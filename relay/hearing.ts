/**
 * When the relay could not hear: its event loop was busy with something else, or the process stood still. A keepalive must not hold that against anybody.
 *
 * A timer that should come every 100 ms says by how late it is for how long nothing was read.
 */
import type { Clock, TimerId } from 'hal';

const LOOK_MS = 100;
/** Less is how timers are; no ping timeout is that short. */
const MIN_DEAF_MS = 50;

export class Hearing {
  /** In all so far, ms. */
  deafMs = 0;
  readonly #clock: Clock;
  #timer: TimerId = 0;
  #dueMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#dueMs = this.#clock.now() + LOOK_MS;
    this.#timer = this.#clock.setTimeout(this.#look, LOOK_MS);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  readonly #look = (): void => {
    const lateMs = this.#clock.now() - this.#dueMs;
    if (lateMs >= MIN_DEAF_MS) this.deafMs += lateMs;
    this.start();
  };
}
