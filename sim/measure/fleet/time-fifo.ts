/**
 * A first-in-first-out list of points in time, and how many of all such lists' entries are still awaited.
 *
 * It matches what is sent with what arrives by order alone. Its length is bounded by what it mirrors: the
 * firmware's outbox (config `outbox`), TCP's buffers, and the relay's limit of buffered bytes per session. A
 * ring, so that a million messages cost no garbage.
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
  /**
   * Has a place of its own, as most lists of most boards never hold another. No integer at first: times are
   * doubles to V8, and a field that becomes one later costs each list a change of layout.
   */
  private oldest = Number.NaN;
  private used = 0;
  /** Those behind the oldest, from `head` on; made with the first of them. */
  private ring: Float64Array | null = null;
  private head = 0;

  constructor(awaited: Awaited) {
    this.awaited = awaited;
  }

  get length(): number {
    return this.used;
  }

  /** @param atUs at least 0, or UNCOUNTED */
  push(atUs: number): void {
    if (this.used === 0) this.oldest = atUs;
    else {
      const ring = this.roomyRing();
      ring[(this.head + this.used - 1) & (ring.length - 1)] = atUs;
    }
    this.used++;
    if (atUs !== UNCOUNTED) this.awaited.count++;
  }

  /** The oldest entry, which is then gone; UNCOUNTED also when there is none. */
  shift(): number {
    if (this.used === 0) return UNCOUNTED;
    const atUs = this.oldest;
    if (--this.used > 0 && this.ring !== null) {
      this.oldest = this.ring[this.head];
      this.head = (this.head + 1) & (this.ring.length - 1);
    }
    if (atUs !== UNCOUNTED) this.awaited.count--;
    return atUs;
  }

  /** The oldest entry; UNCOUNTED when there is none. */
  peek(): number {
    return this.used > 0 ? this.oldest : UNCOUNTED;
  }

  clear(): void {
    while (this.used > 0) this.shift();
  }

  private roomyRing(): Float64Array {
    const old = this.ring;
    if (old === null) {
      this.ring = new Float64Array(FIRST_SLOTS);
      return this.ring;
    }
    if (this.used - 1 < old.length) return old;
    const ring = new Float64Array(old.length * 2);
    ring.set(old.subarray(this.head));
    ring.set(old.subarray(0, this.head), old.length - this.head);
    this.ring = ring;
    this.head = 0;
    return ring;
  }
}
