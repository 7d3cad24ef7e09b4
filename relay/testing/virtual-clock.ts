/**
 * A clock for tests that moves only when told to. Not fast, and not the simulator's: a sorted array of a few
 * timers.
 */
import type { Clock, TimerId } from 'hal';

interface Timer {
  id: TimerId;
  dueMs: number;
  callback: () => void;
}

export class VirtualClock implements Clock {
  private nowMs = 0;
  private lastId = 0;
  private timers: Timer[] = [];

  now(): number {
    return this.nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    const id = ++this.lastId;
    this.timers.push({ id, dueMs: this.nowMs + delayMs, callback });
    this.timers.sort((a, b) => a.dueMs - b.dueMs || a.id - b.id);
    return id;
  }

  clearTimeout(timer: TimerId): void {
    this.timers = this.timers.filter(({ id }) => id !== timer);
  }

  /** Timers that have neither run nor been cleared. */
  get pending(): number {
    return this.timers.length;
  }

  /** Lets `ms` pass; after every timer the streams get time to settle. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settle();
    while (this.timers.length > 0 && this.timers[0].dueMs <= untilMs) {
      const [timer] = this.timers.splice(0, 1);
      this.nowMs = Math.max(this.nowMs, timer.dueMs);
      timer.callback();
      await settle();
    }
    this.nowMs = untilMs;
  }

  /** Time passes while nothing runs, as when a process is suspended: due timers come late, all at once. */
  async stall(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.advance(0);
  }
}

/** Streams hand data on in microtasks and ticks; two turns of the event loop are more than they need. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
