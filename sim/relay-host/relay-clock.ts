/** The world's clock as the relay's HAL clock. When the relay's process dies its timers die with it. */
import type { Clock, TimerId } from 'hal';
import type { Handler } from '../kernel/queue.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';

export class RelayClock implements Clock, Handler {
  private readonly kernel: Timeline;
  private readonly callbacks = new Map<TimerId, () => void>();
  private nextId = 1;
  /** Timers that came due while the process stood still, in order; null while it runs. */
  private late: unknown[] | null = null;

  constructor(kernel: Timeline) {
    this.kernel = kernel;
  }

  now(): number {
    return msFromUs(this.kernel.nowUs);
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    const id = this.nextId++;
    this.callbacks.set(id, callback);
    this.kernel.schedule(this.kernel.nowUs + usFromMs(delayMs), this, id);
    return id;
  }

  clearTimeout(timer: TimerId): void {
    this.callbacks.delete(timer);
  }

  /** Forgets every timer, now and to come. */
  stop(): void {
    this.callbacks.clear();
    this.setTimeout = () => 0;
  }

  /** The process stands still: what comes due waits for `resume`. */
  pause(): void {
    this.late ??= [];
  }

  resume(): void {
    const late = this.late ?? [];
    this.late = null;
    for (const id of late) this.onEvent(id);
  }

  onEvent(id: unknown): void {
    if (this.late !== null) {
      this.late.push(id);
      return;
    }
    const callback = this.callbacks.get(id as TimerId);
    if (!callback) return;
    this.callbacks.delete(id as TimerId);
    this.kernel.touchStreams();
    callback();
  }
}
