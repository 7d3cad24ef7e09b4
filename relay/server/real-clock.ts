/**
 * The HAL's clock on a real computer: Node's monotonic time and timers. The only file of the relay besides
 * the CLI that may touch them.
 *
 * All timers share one of Node's, which keeps a list for each different delay: pings that are spread over
 * their interval have one each, and to clear it costs more than all else that ends a session.
 */
import { performance } from 'node:perf_hooks';
import type { Clock } from 'hal';
import { TimerHeap } from './timer-heap.ts';

/** Node fires a longer timer at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function createRealClock(): Clock {
  const timers = new TimerHeap();
  let lastId = 0;
  let alarm: NodeJS.Timeout | undefined;
  let alarmMs = Infinity;

  /**
   * Sees to it that the first timer does not come late, and that without timers nothing keeps the process
   * alive.
   */
  const setAlarm = () => {
    const { first } = timers;
    if (first !== undefined && first.dueMs >= alarmMs) return;
    clearTimeout(alarm);
    alarmMs = first?.dueMs ?? Infinity;
    // The event loop counts whole milliseconds from a time that may be one old: without the extra one it
    // could be early.
    if (first !== undefined) alarm = setTimeout(alarmOnRing, Math.min(Math.ceil(first.dueMs - performance.now()) + 1, MAX_DELAY_MS));
  };

  const alarmOnRing = () => {
    alarmMs = Infinity;
    const nowMs = performance.now();
    try {
      for (let { first } = timers; first !== undefined && first.dueMs <= nowMs; first = timers.first) {
        timers.remove(first.id);
        first.callback();
      }
    } finally {
      setAlarm();
    }
  };

  return {
    now: () => performance.now(),
    setTimeout(callback, delayMs) {
      timers.add(++lastId, performance.now() + delayMs, callback);
      setAlarm();
      return lastId;
    },
    clearTimeout(id) {
      timers.remove(id);
      if (timers.first === undefined) setAlarm();
    },
  };
}
