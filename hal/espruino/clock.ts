/**
 * Time that cannot step (rule 9). Espruino knows only the wall clock, which jumps by decades when it is set;
 * so `now` adds up what passes between two looks at it and leaves out what cannot have passed.
 */
import type { Clock } from '../index.ts';

/**
 * A look at the clock this much later than the last one is a step, ms: two days, twice the longest time that
 * the firmware can be told to wait.
 */
const STEP_MIN_MS = 172800000;

export function createClock(): Clock {
  let lastWallMs = getTime() * 1000;
  let elapsedMs = 0;
  // The engine gives a timer's number to a later one, so a stale clearTimeout would hit a stranger: numbers
  // of our own.
  const engineTimers: Record<number, number> = {};
  let lastTimer = 0;
  return {
    now() {
      const wallMs = getTime() * 1000;
      const passedMs = wallMs - lastWallMs;
      lastWallMs = wallMs;
      if (passedMs > 0 && passedMs < STEP_MIN_MS) elapsedMs += passedMs;
      return elapsedMs;
    },
    // Rule 9: never setInterval, which catches up after a block.
    setTimeout(callback, delayMs) {
      const timer = ++lastTimer;
      engineTimers[timer] = setTimeout(() => {
        delete engineTimers[timer];
        callback();
      }, delayMs);
      return timer;
    },
    clearTimeout(timer) {
      if (engineTimers[timer] === undefined) return;
      clearTimeout(engineTimers[timer]);
      delete engineTimers[timer];
    },
  };
}
