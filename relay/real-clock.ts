/** The HAL's clock on a real computer: Node's monotonic time and timers. The only file of the relay besides the CLI that may touch them. */
import { performance } from 'node:perf_hooks';
import type { Clock } from 'hal';

/** Node fires a longer timer at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function createRealClock(): Clock {
  const timers = new Map<number, NodeJS.Timeout>();
  let lastId = 0;
  return {
    now: () => performance.now(),
    setTimeout(callback, delayMs) {
      const id = ++lastId;
      const run = () => {
        timers.delete(id);
        callback();
      };
      // The event loop counts whole milliseconds from a time that may be one old: without the extra one a timer could be early.
      timers.set(id, setTimeout(run, Math.min(Math.ceil(delayMs) + 1, MAX_DELAY_MS)));
      return id;
    },
    clearTimeout(id) {
      clearTimeout(timers.get(id));
      timers.delete(id);
    },
  };
}
