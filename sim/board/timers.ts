/** The timeouts of one board: due in virtual time, run when the CPU gets to them. How late that is, is the main-loop stall. */
import type { Kernel } from '../kernel/kernel.ts';
import type { Handler } from '../kernel/queue.ts';
import { usFromMs } from '../kernel/units.ts';
import type { Cpu, Task } from './cpu.ts';

/** Largest delay of the HAL's contract, ms. */
const MAX_DELAY_MS = 2_147_483_647;

/** One timeout: an event of the kernel first, then a task of the CPU. */
class Timer implements Handler, Task {
  private readonly owner: Timers;
  readonly id: number;
  readonly dueUs: number;
  /** null once it was cleared. */
  callback: (() => void) | null;

  constructor(owner: Timers, id: number, dueUs: number, callback: () => void) {
    this.owner = owner;
    this.id = id;
    this.dueUs = dueUs;
    this.callback = callback;
  }

  onEvent(): void {
    if (this.callback) this.owner.cpu.run(this);
  }

  execute(): void {
    const { callback } = this;
    if (!callback) return;
    this.owner.onRun(this);
    callback();
  }
}

export class Timers {
  readonly cpu: Cpu;
  private readonly kernel: Kernel;
  private readonly onStall: (lateUs: number) => void;
  private readonly pending = new Map<number, Timer>();
  private nextId = 1;
  /** Timers that have run. */
  runCount = 0;

  /** @param onStall called when a timer runs later than it was due */
  constructor(kernel: Kernel, cpu: Cpu, onStall: (lateUs: number) => void) {
    this.kernel = kernel;
    this.cpu = cpu;
    this.onStall = onStall;
  }

  start(callback: () => void, delayMs: number): number {
    const delayUs = usFromMs(Math.min(Math.max(delayMs, 0), MAX_DELAY_MS)) || 0;
    const timer = new Timer(this, this.nextId++, this.kernel.nowUs + delayUs, callback);
    this.pending.set(timer.id, timer);
    this.kernel.schedule(timer.dueUs, timer, null);
    return timer.id;
  }

  stop(id: number): void {
    const timer = this.pending.get(id);
    if (!timer) return;
    timer.callback = null;
    this.pending.delete(id);
  }

  stopAll(): void {
    for (const timer of this.pending.values()) timer.callback = null;
    this.pending.clear();
  }

  onRun(timer: Timer): void {
    this.pending.delete(timer.id);
    this.runCount++;
    const lateUs = this.kernel.nowUs - timer.dueUs;
    if (lateUs > 0) this.onStall(lateUs);
  }
}
