/**
 * The clock of one board and its timeouts: due in virtual time, run when the CPU gets to them. How late that
 * is, is the main-loop stall.
 */
import type { Clock } from 'hal';
import type { Handler } from '../kernel/queue.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';
import type { Cpu, Task } from './cpu.ts';

/** Largest delay of the HAL's contract, ms. */
const MAX_DELAY_MS = 2_147_483_647;

/** More timeouts of 0 ms than a board with work to do starts within one moment. */
const MAX_AT_ONCE = 10_000;

/**
 * Ids carry the slot in their low bits and, above it, a count that tells a slot's timeouts apart. Bounds a
 * board to 256 pending timeouts.
 */
const SLOTS = 256;
/** Keeps ids and counts small integers, which V8 handles without allocating. */
const MAX_COUNT = 2 ** 21;

/**
 * Place for one timeout at a time, used again and again: an event of the kernel first, then a task of the
 * CPU. A fleet starts millions of timeouts, so none of them is an object of its own; an event whose count is
 * not the slot's present one is of a timeout that was cleared.
 */
class Slot implements Handler, Task {
  private readonly owner: BoardClock;
  private readonly index: number;
  private count = 0;
  private callback: (() => void) | null = null;
  /** Due, and in the CPU's queue, where it stays even when it is cleared. */
  private waiting = false;
  /** When it was due, once it has to wait. */
  private dueUs = 0;
  /** The next free one, while this is free. */
  nextFree: Slot | null = null;

  constructor(owner: BoardClock, index: number) {
    this.owner = owner;
    this.index = index;
  }

  get id(): number {
    return this.count * SLOTS + this.index;
  }

  set(kernel: Timeline, callback: () => void, delayUs: number): number {
    this.count = (this.count % MAX_COUNT) + 1;
    this.callback = callback;
    kernel.schedule(kernel.nowUs + delayUs, this, this.count);
    return this.id;
  }

  clear(): void {
    if (this.callback === null) return;
    this.callback = null;
    if (!this.waiting) this.owner.onFree(this);
  }

  /** Clears, when the CPU's queue is gone too. */
  reset(): void {
    this.callback = null;
    this.waiting = false;
  }

  onEvent(count: unknown): void {
    if (count !== this.count || !this.callback) return;
    const { owner } = this;
    if (owner.cpu.run(this)) return;
    this.waiting = true;
    this.dueUs = owner.kernel.nowUs;
  }

  execute(): void {
    const { callback, owner, waiting } = this;
    this.waiting = false;
    this.callback = null;
    owner.onFree(this);
    if (callback === null) return;
    owner.runCount++;
    if (waiting) owner.onLate(this.dueUs);
    callback();
  }
}

/**
 * The HAL's clock itself, not behind closures that map to it: a fleet's LEDs make most of its events, and
 * what one touches is what it costs.
 */
export class BoardClock implements Clock {
  readonly kernel: Timeline;
  readonly cpu: Cpu;
  /** The slot that was freed last is used next: the board's memory of it is still warm. */
  private free: Slot | null = null;
  /** Timeouts that have run. */
  runCount = 0;
  private readonly slots: Slot[] = [];
  private readonly onStall: (lateUs: number) => void;
  private readonly rate: number;
  private startedAtUs = 0;
  /** How many timeouts of 0 ms were started at that time, the last that had any. */
  private atOnceUs = -1;
  private atOnceCount = 0;

  /**
   * @param onStall called when a timeout runs later than it was due
   * @param rate seconds of its own for each of the world
   */
  constructor(kernel: Timeline, cpu: Cpu, onStall: (lateUs: number) => void, rate = 1) {
    this.kernel = kernel;
    this.cpu = cpu;
    this.onStall = onStall;
    this.rate = rate;
  }

  /** Since the board's power came on, or its last reset. */
  now(): number {
    return msFromUs((this.kernel.nowUs - this.startedAtUs) * this.rate);
  }

  /**
   * Throws when the board has no room for another pending timeout, or sets one after the other while no time
   * passes.
   */
  setTimeout(callback: () => void, delayMs: number): number {
    const delayUs = usFromMs(Math.min(Math.max(delayMs, 0), MAX_DELAY_MS)) || 0;
    if (delayUs === 0) this.countAtOnce();
    const slot = this.free ?? this.addSlot();
    this.free = slot.nextFree;
    return slot.set(this.kernel, callback, this.rate === 1 ? delayUs : Math.ceil(delayUs / this.rate));
  }

  clearTimeout(id: number): void {
    const slot = this.slots[id % SLOTS];
    if (slot && slot.id === id) slot.clear();
  }

  /** Starts anew, without timeouts; together with the CPU. */
  reset(): void {
    this.startedAtUs = this.kernel.nowUs;
    this.free = null;
    for (const slot of this.slots) {
      slot.reset();
      this.onFree(slot);
    }
  }

  onFree(slot: Slot): void {
    slot.nextFree = this.free;
    this.free = slot;
  }

  onLate(dueUs: number): void {
    const lateUs = this.kernel.nowUs - dueUs;
    if (lateUs > 0) this.onStall(lateUs);
  }

  /**
   * On a device whose handlers take no time, timeouts of 0 ms that set each other would hold up the world for
   * ever.
   */
  private countAtOnce(): void {
    const { nowUs } = this.kernel;
    if (nowUs !== this.atOnceUs) this.atOnceCount = 0;
    this.atOnceUs = nowUs;
    if (++this.atOnceCount > MAX_AT_ONCE) throw new Error(`more than ${MAX_AT_ONCE} timeouts of 0 ms, and no time passes in between`);
  }

  private addSlot(): Slot {
    if (this.slots.length === SLOTS) throw new Error(`more than ${SLOTS} timeouts pending`);
    const slot = new Slot(this, this.slots.length);
    this.slots.push(slot);
    return slot;
  }
}
