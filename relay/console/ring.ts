/** The last so many of something, oldest first. */
export class Ring<T> {
  private readonly capacity: number;
  private items: T[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Cut back only when there are twice as many, so that it costs next to nothing for each. */
  add(item: T): void {
    this.items.push(item);
    if (this.items.length >= 2 * this.capacity) this.items = this.all();
  }

  all(): T[] {
    return this.items.slice(-this.capacity);
  }
}
