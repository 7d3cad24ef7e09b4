/** The last of what one board said, or of what it sent. */

/** Of each board, and of all of a large fleet together. */
const KEPT_MAX = 1_000;
const KEPT_BY_ALL = 100_000;
/** Of each board, in the largest fleet. */
const KEPT_MIN = 10;

export function keptOf(boards: number): number {
  return Math.max(KEPT_MIN, Math.min(KEPT_MAX, Math.floor(KEPT_BY_ALL / boards)));
}

export class Kept<T> {
  private readonly all: T[] = [];
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  add(one: T): void {
    if (this.all.length === this.most) this.all.shift();
    this.all.push(one);
  }

  /** In order. */
  get list(): readonly T[] {
    return [...this.all];
  }
}
