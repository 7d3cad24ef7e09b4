/**
 * The event queue: a 4-ary heap ordered by (time, sequence), so events of the same microsecond keep the order
 * in which they were scheduled.
 *
 * A million events per second pass through here, so what the heap moves is numbers in typed arrays; who is
 * called, and with what, stays put in a slot until the event is delivered. There is no removal: whoever no
 * longer wants an event ignores it when it comes (see LazyTimer).
 */

/** Who is called when an event is due. An object rather than a closure: scheduling then allocates nothing. */
export interface Handler {
  onEvent(argument: unknown): void;
}

const ARITY_SHIFT = 2;
const INITIAL_CAPACITY = 1024;
/**
 * Events that can wait at a time. A sequence number and a slot share one double: 2 ** 31 events can pass
 * through before that is full.
 */
const MAX_SLOTS = 2 ** 22;

export class EventQueue {
  /**
   * Two numbers an event, side by side because they are read together: when it is due, and its sequence
   * number above its slot.
   */
  private heap = new Float64Array(2 * INITIAL_CAPACITY);
  /** Two entries a slot: who is called, and with what. */
  private readonly slots: unknown[] = [];
  private readonly freeSlots: number[] = [];
  private nextSequence = 0;
  size = 0;

  /** When the earliest event is due; Infinity when there is none. */
  get nextUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.heap[0];
  }

  push(atUs: number, handler: Handler, argument: unknown): void {
    if (2 * this.size === this.heap.length) this.grow();
    const slot = this.freeSlots.length > 0 ? (this.freeSlots.pop() as number) : this.slots.length >> 1;
    this.slots[2 * slot] = handler;
    this.slots[2 * slot + 1] = argument;
    const { heap } = this;
    let index = this.size++;
    while (index > 0) {
      const parent = (index - 1) >> ARITY_SHIFT;
      if (heap[2 * parent] <= atUs) break; // on a tie the parent has the smaller sequence
      heap[2 * index] = heap[2 * parent];
      heap[2 * index + 1] = heap[2 * parent + 1];
      index = parent;
    }
    heap[2 * index] = atUs;
    heap[2 * index + 1] = this.nextSequence++ * MAX_SLOTS + slot;
  }

  /** Removes the earliest event and delivers it. The queue must not be empty. */
  deliverNext(): void {
    const order = this.heap[1];
    const slot = order - Math.floor(order / MAX_SLOTS) * MAX_SLOTS;
    const handler = this.slots[2 * slot] as Handler;
    const argument = this.slots[2 * slot + 1];
    this.slots[2 * slot + 1] = null;
    this.freeSlots.push(slot);
    this.removeFirst();
    handler.onEvent(argument);
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = --this.size;
    if (last === 0) return;
    const atUs = heap[2 * last];
    const order = heap[2 * last + 1];
    let index = 0;
    for (;;) {
      const firstChild = (index << ARITY_SHIFT) + 1;
      if (firstChild >= last) break;
      const end = Math.min(firstChild + (1 << ARITY_SHIFT), last);
      let child = firstChild;
      let childUs = heap[2 * child];
      for (let other = firstChild + 1; other < end; other++) {
        const otherUs = heap[2 * other];
        if (otherUs < childUs || (otherUs === childUs && heap[2 * other + 1] < heap[2 * child + 1])) {
          child = other;
          childUs = otherUs;
        }
      }
      if (atUs < childUs || (atUs === childUs && order < heap[2 * child + 1])) break;
      heap[2 * index] = childUs;
      heap[2 * index + 1] = heap[2 * child + 1];
      index = child;
    }
    heap[2 * index] = atUs;
    heap[2 * index + 1] = order;
  }

  private grow(): void {
    const heap = new Float64Array(2 * this.heap.length);
    heap.set(this.heap);
    this.heap = heap;
  }
}
