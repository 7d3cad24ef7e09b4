/**
 * A bound on how often something may happen: so many times a second on average, and two seconds' worth at
 * once after a rest. Knows no clock.
 */
import { SECOND_MS } from 'host/units';

/** What may come at once, s of the rate: more than a second, as bursts do not keep to seconds. */
const BURST_S = 2;
/** After so long without a token taken a bucket is full again and may be forgotten, ms. */
export const REFILL_MS = BURST_S * SECOND_MS;

export class TokenBucket {
  private readonly ratePerS: number;
  private tokens: number;
  private filledAtMs: number;

  /** @param ratePerS above 0 */
  constructor(ratePerS: number, nowMs: number) {
    this.ratePerS = ratePerS;
    this.tokens = ratePerS * BURST_S;
    this.filledAtMs = nowMs;
  }

  /** @returns false when there is no token left, which costs nothing */
  take(nowMs: number): boolean {
    const filled = this.tokens + ((nowMs - this.filledAtMs) / SECOND_MS) * this.ratePerS;
    this.tokens = Math.min(this.ratePerS * BURST_S, filled);
    this.filledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
