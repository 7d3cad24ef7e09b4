/**
 * Values of which quantiles are wanted, in bounded memory: when there are too many, every second one is let
 * go.
 */

export class Samples {
  /** In the order in which they came. */
  kept: number[] = [];
  count = 0;
  private readonly most: number;
  private stride = 1;

  /** @param most that are kept, an even number */
  constructor(most: number) {
    this.most = most;
  }

  add(value: number): void {
    if (this.count++ % this.stride !== 0) return;
    this.kept.push(value);
    if (this.kept.length < this.most) return;
    this.kept = this.kept.filter((_, index) => index % 2 === 0);
    this.stride *= 2;
  }

  addAll({ kept }: Samples): void {
    for (const value of kept) this.add(value);
  }

  /** null: there are none. @param share 0 to 1 */
  quantile(share: number): number | null {
    const sorted = Float64Array.from(this.kept).sort();
    return sorted.length === 0 ? null : sorted[Math.floor(share * (sorted.length - 1))];
  }
}
