/** Late timers of the fleet's main loops, by what held the CPU. Causes are the board's few words for it (sim/board), so their number needs no bound. */
import { US_PER_MS } from '../kernel/units.ts';
import type { Stall } from './result.ts';

export class Stalls {
  private readonly byCause = new Map<string, { count: number; worstUs: number }>();

  add(cause: string, lateUs: number): void {
    const sum = this.byCause.get(cause);
    if (!sum) {
      this.byCause.set(cause, { count: 1, worstUs: lateUs });
      return;
    }
    sum.count++;
    if (lateUs > sum.worstUs) sum.worstUs = lateUs;
  }

  /** The worst first. */
  list(): Stall[] {
    const stalls = Array.from(this.byCause, ([cause, { count, worstUs }]) => ({ cause, count, worstMs: worstUs / US_PER_MS }));
    return stalls.sort((a, b) => b.worstMs - a.worstMs);
  }
}
