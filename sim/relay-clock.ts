/** The world's clock as the relay's HAL clock. When the relay's process dies its timers die with it. */
import type { Clock, TimerId } from 'hal';
import type { Kernel } from './kernel/kernel.ts';
import type { Handler } from './kernel/queue.ts';
import { msFromUs, usFromMs } from './kernel/units.ts';

export class RelayClock implements Clock, Handler {
  private readonly kernel: Kernel;
  private readonly callbacks = new Map<TimerId, () => void>();
  private nextId = 1;

  constructor(kernel: Kernel) {
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

  onEvent(id: unknown): void {
    const callback = this.callbacks.get(id as TimerId);
    if (!callback) return;
    this.callbacks.delete(id as TimerId);
    this.kernel.touchStreams();
    callback();
  }
}
