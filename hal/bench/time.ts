/** Time as a bench needs it: that of the board that lies on it. */

export interface BenchTime {
  /** Calls back on the board when so much time has passed, unless a reset comes before. */
  later(delayMs: number, run: () => void): number;
  forget(timer: number): void;
  /** Runs a handler of the firmware as soon as the board can, never from within this call. */
  run(handler: () => void): void;
}
