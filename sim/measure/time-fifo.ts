/**
 * A first-in-first-out list of points in time, and how many of all such lists' entries are still awaited.
 *
 * It matches what is sent with what arrives by order alone. Its length is bounded by what it mirrors: the firmware's outbox (config `outbox`), TCP's buffers, and the
 * relay's limit of buffered bytes per session. A ring, so that a million messages cost no garbage.
 */

/** Marks an entry that keeps its place in the order but is not counted. */
export const UNCOUNTED = -1;

/** Counted entries in all lists that share it. */
export interface Awaited {
  count: number;
}

/** A power of two, so that a mask wraps an index. */
const FIRST_SLOTS = 8;

export class TimeFifo {
  private readonly awaited: Awaited;
  /** Made with the first entry: most lists of most boards stay empty. */
  private slots: Float64Array | null = null;
  private head = 0;
  private used = 0;

  constructor(awaited: Awaited) {
    this.awaited = awaited;
  }

  get length(): number {
    return this.used;
  }

  /** @param atUs at least 0, or UNCOUNTED */
  push(atUs: number): void {
    const slots = this.roomySlots();
    slots[(this.head + this.used) & (slots.length - 1)] = atUs;
    this.used++;
    if (atUs !== UNCOUNTED) this.awaited.count++;
  }

  /** The oldest entry, which is then gone; UNCOUNTED also when there is none. */
  shift(): number {
    if (this.used === 0 || !this.slots) return UNCOUNTED;
    const atUs = this.slots[this.head];
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.used--;
    if (atUs !== UNCOUNTED) this.awaited.count--;
    return atUs;
  }

  /** The oldest entry; UNCOUNTED when there is none. */
  peek(): number {
    return this.used > 0 && this.slots ? this.slots[this.head] : UNCOUNTED;
  }

  clear(): void {
    while (this.used > 0) this.shift();
  }

  private roomySlots(): Float64Array {
    const old = this.slots;
    if (!old) {
      this.slots = new Float64Array(FIRST_SLOTS);
      return this.slots;
    }
    if (this.used < old.length) return old;
    const slots = new Float64Array(old.length * 2);
    slots.set(old.subarray(this.head));
    slots.set(old.subarray(0, this.head), old.length - this.head);
    this.slots = slots;
    this.head = 0;
    return slots;
  }
}
