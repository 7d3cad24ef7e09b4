/**
 * Time as everything in a world sees it: what o'clock it is, and what shall happen when. Who moves it on, and
 * how fast, is the clock's own affair.
 */
import type { Handler } from './queue.ts';

export interface Timeline {
  /** Integer microseconds since the world began. */
  readonly nowUs: number;
  /**
   * Events delivered so far, the current one included: what tells one event from the next at the same time.
   */
  readonly eventCount: number;
  /**
   * Delivers `argument` to `handler` at `atUs` (integer; a time that has passed means now, after what is
   * already due).
   */
  schedule(atUs: number, handler: Handler, argument: unknown): void;
  /** Says that the current event gave work to a Node stream. */
  touchStreams(): void;
}
