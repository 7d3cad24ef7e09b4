/**
 * Node's monotonic time and timers. Switched off, it forgets every pending timer and takes no new one, so
 * that whatever ran on it stands still and the process may end.
 */
import { performance } from 'node:perf_hooks';
import type { Clock, TimerId } from '../index.ts';

/** Node fires a longer timer at once, ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export class NodeClock implements Clock {
  private readonly timers = new Map<TimerId, NodeJS.Timeout>();
  private lastId = 0;
  private off = false;

  now(): number {
    return performance.now();
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    const id = ++this.lastId;
    if (this.off) return id;
    const run = () => {
      this.timers.delete(id);
      callback();
    };
    // The event loop counts whole milliseconds from a time that may be one old: without the extra one a timer
    // could be early.
    this.timers.set(id, setTimeout(run, Math.min(Math.ceil(delayMs) + 1, MAX_DELAY_MS)));
    return id;
  }

  clearTimeout(id: TimerId): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  switchOff(): void {
    this.off = true;
    for (const id of [...this.timers.keys()]) this.clearTimeout(id);
  }
}
