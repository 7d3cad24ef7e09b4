/**
 * A board's one CPU: it runs one handler at a time, and what comes meanwhile waits in order.
 *
 * A handler takes effect when it starts and holds the CPU for its cost afterwards. A blocking call of the
 * platform (`block`) holds it until `unblock`, however long that takes; the handler that made the call still
 * finishes first.
 */
import type { Handler } from '../kernel/queue.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { Activity } from './activity.ts';

/** Something for the CPU to do. */
export interface Task {
  execute(): void;
}

/** What holds the CPU unless another reason is given. */
const HANDLER = 'handler';

export class Cpu implements Handler {
  protected readonly kernel: Timeline;
  private readonly handlerUs: number;
  protected readonly onError: (error: unknown) => void;
  private waiting: Task[] = [];
  private busyUntilUs = 0;
  private running = false;
  private blocked = false;
  /** Blocked for good. */
  private halted = false;
  /** So it is whenever a task waits, unless the CPU is running one or blocked. */
  private wakePending = false;
  /** The CPU is, or was, held for a reason that was given with the charge... */
  private hasReason = false;
  /** ...until then. */
  private reasonUntilUs = 0;
  /** Who hears what it computes; null: nobody. */
  activity: Activity | null = null;
  /** What held the CPU last: for the cause of a stall. */
  heldBy = HANDLER;

  constructor(kernel: Timeline, handlerUs: number, onError: (error: unknown) => void) {
    this.kernel = kernel;
    this.handlerUs = handlerUs;
    this.onError = onError;
  }

  /**
   * Runs the task now if the CPU is free, else when it is, and says which. Bounded by its callers: each
   * socket and timer waits at most once.
   */
  run(task: Task): boolean {
    if (this.running || this.blocked || this.wakePending || this.busyUntilUs > this.kernel.nowUs) {
      return this.defer(task);
    }
    if (this.hasReason) this.forgetReason();
    this.execute(task);
    return true;
  }

  /** Adds to what the running handler costs. @param reason when it is not the handler's own work */
  charge(us: number, reason?: string): void {
    if (us === 0) return;
    const fromUs = Math.max(this.busyUntilUs, this.kernel.nowUs);
    this.busyUntilUs = fromUs + us;
    if (this.activity !== null) this.activity.cpu(us, reason ?? HANDLER, fromUs);
    if (reason === undefined) return;
    this.heldBy = reason;
    this.hasReason = true;
    this.reasonUntilUs = this.busyUntilUs;
  }

  /** When the running handler is over, unless it is charged more. */
  get freeAtUs(): number {
    return Math.max(this.busyUntilUs, this.kernel.nowUs);
  }

  /** The platform holds the CPU for this reason. */
  block(reason: string): void {
    this.blocked = true;
    this.heldBy = reason;
    this.hasReason = true;
    this.reasonUntilUs = 0;
  }

  unblock(): void {
    if (!this.blocked || this.halted) return;
    this.blocked = false;
    this.busyUntilUs = Math.max(this.busyUntilUs, this.kernel.nowUs);
    this.wake();
  }

  /** Runs nothing more until the next reset. */
  halt(): void {
    this.waiting = [];
    this.blocked = true;
    this.halted = true;
  }

  /** Forgets everything: reset or power loss. */
  reset(): void {
    this.waiting = [];
    this.blocked = false;
    this.halted = false;
    this.busyUntilUs = 0;
    this.forgetReason();
    this.wakePending = false; // one that still comes from before finds nothing to do too early
  }

  onEvent(): void {
    this.wakePending = false;
    if (this.blocked) return;
    if (this.busyUntilUs > this.kernel.nowUs) {
      this.wake();
      return;
    }
    const task = this.waiting.shift();
    if (!task) return;
    this.execute(task);
    this.wake();
  }

  /** @returns false */
  protected defer(task: Task): boolean {
    if (this.halted) return false;
    this.waiting.push(task);
    this.wake();
    return false;
  }

  protected execute(task: Task): void {
    this.running = true;
    this.charge(this.handlerUs);
    try {
      task.execute();
    } catch (error) {
      this.onError(error);
    }
    this.running = false;
    if (this.hasReason && !this.blocked && this.waiting.length === 0 && this.kernel.nowUs >= this.reasonUntilUs) this.forgetReason();
  }

  private forgetReason(): void {
    this.heldBy = HANDLER;
    this.hasReason = false;
  }

  private wake(): void {
    if (this.wakePending || this.blocked || this.waiting.length === 0) return;
    this.wakePending = true;
    this.kernel.schedule(this.busyUntilUs, this, null);
  }
}
