/**
 * Node's monotonic time and timers. Switched off, it forgets every pending timer and takes no new one, so
 * that whatever ran on it stands still and the process may end; held, it keeps what is due for later.
 */
import { performance } from 'node:perf_hooks';
import type { Clock, TimerId } from '../index.ts';
import { unlessStopped } from '../stopped.ts';

/** Node fires a longer timer at once, ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export class NodeClock implements Clock {
  private readonly timers = new Map<TimerId, NodeJS.Timeout>();
  private lastId = 0;
  off = false;
  /** Due while the CPU is held, in order; null: it is not. */
  private held: (() => void)[] | null = null;
  private waking: NodeJS.Timeout | undefined;

  now(): number {
    return performance.now();
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    const id = ++this.lastId;
    if (this.off) return id;
    const run = () => {
      if (this.held !== null) {
        this.held.push(run);
        return;
      }
      // It may have been cleared, or all of them, while it was held.
      if (this.timers.delete(id)) unlessStopped(callback);
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

  /** Runs nothing for so long, then `done` and what was due meanwhile. */
  hold(ms: number, done: () => void): void {
    this.setTimeout(done, 0);
    this.held ??= [];
    clearTimeout(this.waking);
    this.waking = setTimeout(() => this.release(), Math.ceil(ms) + 1);
  }

  switchOff(): void {
    this.off = true;
    clearTimeout(this.waking);
    for (const id of [...this.timers.keys()]) this.clearTimeout(id);
  }
  private release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const run of held) run();
  }
}
