/** What a thread that runs firmware shares with whoever watches it: words of memory. */

/** A state below, and how many handlers have begun. */
export const STATE = 0;
export const BEATS = 1;
export const SHARED_BYTES = 8;

/** Somebody waits for firmware to come back. */
export const WATCHING = 1;
/** It did not come back, and was ended. */
export const BITTEN = 2;

/** Where a thread is, in the code that runs, each number from 1. */
export interface Frame {
  file: string;
  line: number;
  column: number;
}

/** The firmware that a thread runs does not come back: the user's mistake. */
export class ThreadStuck extends Error {
  override readonly name = 'ThreadStuck';
  /** Where it is, the innermost first. */
  readonly frames: readonly Frame[];

  constructor(frames: readonly Frame[]) {
    super('firmware did not come back from a handler');
    this.frames = frames;
  }
}
