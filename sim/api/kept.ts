/** The last of what one board said, or of what it sent: bounded, and the rest is counted. */

/** Of each board. */
const KEPT_MAX = 1_000;

export class Kept<T> {
  private readonly all: T[] = [];
  /** How many came before the first that is kept. */
  dropped = 0;

  add(one: T): void {
    if (this.all.length === KEPT_MAX) {
      this.all.shift();
      this.dropped++;
    }
    this.all.push(one);
  }

  /** In order. */
  get list(): readonly T[] {
    return [...this.all];
  }
}
