/**
 * The event queue: a 4-ary heap ordered by (time, sequence), so events of the same microsecond keep the order in which they were scheduled.
 *
 * A million events per second pass through here, so what the heap moves is numbers in typed arrays; who is called, and with what, stays put in a slot until the
 * event is delivered. There is no removal: whoever no longer wants an event ignores it when it comes (see LazyTimer).
 */

/** Who is called when an event is due. An object rather than a closure: scheduling then allocates nothing. */
export interface Handler {
  onEvent(argument: unknown): void;
}

const ARITY_SHIFT = 2;
const INITIAL_CAPACITY = 1024;

export class EventQueue {
  private times = new Float64Array(INITIAL_CAPACITY);
  private sequences = new Float64Array(INITIAL_CAPACITY);
  private slots = new Int32Array(INITIAL_CAPACITY);
  private readonly handlers: (Handler | null)[] = [];
  private readonly arguments: unknown[] = [];
  private readonly freeSlots: number[] = [];
  private nextSequence = 0;
  size = 0;

  /** When the earliest event is due; Infinity when there is none. */
  get nextUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.times[0];
  }

  push(atUs: number, handler: Handler, argument: unknown): void {
    if (this.size === this.times.length) this.grow();
    const slot = this.freeSlots.length > 0 ? (this.freeSlots.pop() as number) : this.handlers.length;
    this.handlers[slot] = handler;
    this.arguments[slot] = argument;
    const { times, sequences, slots } = this;
    let index = this.size++;
    while (index > 0) {
      const parent = (index - 1) >> ARITY_SHIFT;
      if (times[parent] <= atUs) break; // on a tie the parent has the smaller sequence
      times[index] = times[parent];
      sequences[index] = sequences[parent];
      slots[index] = slots[parent];
      index = parent;
    }
    times[index] = atUs;
    sequences[index] = this.nextSequence++;
    slots[index] = slot;
  }

  /** Removes the earliest event and delivers it. The queue must not be empty. */
  deliverNext(): void {
    const slot = this.slots[0];
    const handler = this.handlers[slot] as Handler;
    const argument = this.arguments[slot];
    this.arguments[slot] = null;
    this.freeSlots.push(slot);
    this.removeFirst();
    handler.onEvent(argument);
  }

  private removeFirst(): void {
    const { times, sequences, slots } = this;
    const last = --this.size;
    if (last === 0) return;
    const atUs = times[last];
    const sequence = sequences[last];
    let index = 0;
    for (;;) {
      const firstChild = (index << ARITY_SHIFT) + 1;
      if (firstChild >= last) break;
      const end = Math.min(firstChild + (1 << ARITY_SHIFT), last);
      let child = firstChild;
      for (let other = firstChild + 1; other < end; other++) {
        if (times[other] < times[child] || (times[other] === times[child] && sequences[other] < sequences[child])) child = other;
      }
      if (atUs < times[child] || (atUs === times[child] && sequence < sequences[child])) break;
      times[index] = times[child];
      sequences[index] = sequences[child];
      slots[index] = slots[child];
      index = child;
    }
    times[index] = atUs;
    sequences[index] = sequence;
    slots[index] = slots[last];
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const times = new Float64Array(capacity);
    const sequences = new Float64Array(capacity);
    const slots = new Int32Array(capacity);
    times.set(this.times);
    sequences.set(this.sequences);
    slots.set(this.slots);
    this.times = times;
    this.sequences = sequences;
    this.slots = slots;
  }
}
