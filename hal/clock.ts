/**
 * Time as firmware and relay see it.
 *
 * The only source of time and delay outside the backends: nothing else may touch `Date`, `setTimeout` or
 * their kin, so a simulated board and a simulated relay run on virtual time without knowing it. There is no
 * interval on purpose: after a block Espruino's `setInterval` fires once per missed period (40 calls in 20 ms
 * after 2 s), so periodic work is a chain of timeouts.
 */

/** A pending timeout, at least 1. 0 is never a timer, so it may stand for "none". */
export type TimerId = number;

export interface Clock {
  /**
   * Milliseconds since an arbitrary start, with fractions. Never goes back and never steps, whatever the wall
   * clock does.
   */
  now(): number;

  /**
   * Calls `callback` once, not before `delayMs` (0 to 2,147,483,647 ms) have passed and never from within
   * this call. How late it may be is the platform's affair; two timers due at the same time run in the order
   * they were set.
   */
  setTimeout(callback: () => void, delayMs: number): TimerId;

  /** Forgets the timer. 0 and a timer that has already run are ignored. */
  clearTimeout(timer: TimerId): void;
}
