/**
 * The event queue: a 4-ary heap ordered by (time, sequence), so events of the same microsecond keep the order in which they were scheduled.
 *
 * Parallel arrays instead of objects: a million events per second pass through here. There is no removal: whoever no longer wants an
 * event ignores it when it comes (see LazyTimer).
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
  private handlers: Handler[] = [];
  private arguments: unknown[] = [];
  private nextSequence = 0;
  size = 0;

  /** When the earliest event is due; Infinity when there is none. */
  get nextUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
  }

  push(atUs: number, handler: Handler, argument: unknown): void {
    if (this.size === this.times.length) this.grow();
    const { times, sequences, handlers } = this;
    const args = this.arguments;
    const sequence = this.nextSequence++;
    let index = this.size++;
    while (index > 0) {
      const parent = (index - 1) >> ARITY_SHIFT;
      if (times[parent] <= atUs) break; // on a tie the parent has the smaller sequence
      times[index] = times[parent];
      sequences[index] = sequences[parent];
      handlers[index] = handlers[parent];
      args[index] = args[parent];
      index = parent;
    }
    times[index] = atUs;
    sequences[index] = sequence;
    handlers[index] = handler;
    args[index] = argument;
  }

  /** Removes the earliest event and delivers it. The queue must not be empty. */
  deliverNext(): void {
    const handler = this.handlers[0];
    const argument = this.arguments[0];
    this.removeFirst();
    handler.onEvent(argument);
  }

  private removeFirst(): void {
    const { times, sequences, handlers } = this;
    const args = this.arguments;
    const last = --this.size;
    const atUs = times[last];
    const sequence = sequences[last];
    const handler = handlers[last];
    const argument = args[last];
    handlers.pop();
    args.pop();
    if (last === 0) return;
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
      handlers[index] = handlers[child];
      args[index] = args[child];
      index = child;
    }
    times[index] = atUs;
    sequences[index] = sequence;
    handlers[index] = handler;
    args[index] = argument;
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2);
    const sequences = new Float64Array(this.sequences.length * 2);
    times.set(this.times);
    sequences.set(this.sequences);
    this.times = times;
    this.sequences = sequences;
  }
}
