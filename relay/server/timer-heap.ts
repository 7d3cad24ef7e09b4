/**
 * Timers by when they are due, those of one time in the order they were added. A binary heap in which each
 * timer knows its place, so that one that is not wanted any more is gone at once: a relay has one or two for
 * each client, and nearly all are cleared before they are due.
 */

export interface Timer {
  readonly id: number;
  readonly dueMs: number;
  readonly callback: () => void;
  /** In the heap. */
  place: number;
}

export class TimerHeap {
  private readonly heap: Timer[] = [];
  private readonly byId = new Map<number, Timer>();

  get first(): Timer | undefined {
    return this.heap[0];
  }

  /** @param id larger than any before */
  add(id: number, dueMs: number, callback: () => void): void {
    const timer = { id, dueMs, callback, place: this.heap.length };
    this.heap.push(timer);
    this.byId.set(id, timer);
    this.rise(timer);
  }

  /** Ignored when there is none of that id. */
  remove(id: number): void {
    const timer = this.byId.get(id);
    if (timer === undefined) return;
    this.byId.delete(id);
    const last = this.heap.pop() as Timer;
    if (last === timer) return;
    this.put(last, timer.place);
    this.rise(last);
    this.sink(last);
  }

  private rise(timer: Timer): void {
    while (timer.place > 0) {
      const parent = this.heap[(timer.place - 1) >> 1];
      if (!isBefore(timer, parent)) return;
      this.swap(parent, timer);
    }
  }

  private sink(timer: Timer): void {
    for (;;) {
      const left = this.heap[2 * timer.place + 1];
      const right = this.heap[2 * timer.place + 2];
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, timer)) return;
      this.swap(timer, child);
    }
  }

  private swap(upper: Timer, lower: Timer): void {
    const { place } = upper;
    this.put(upper, lower.place);
    this.put(lower, place);
  }

  private put(timer: Timer, place: number): void {
    this.heap[place] = timer;
    timer.place = place;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.id < b.id);
}
