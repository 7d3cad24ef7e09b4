/**
 * How long to wait before the next attempt: pure, in whole milliseconds, always within [min_ms, max_ms]
 * because jitter comes after the cap.
 *
 * The formulas are those of the AWS architecture blog's simulator (none, equal, full, decorrelated) with
 * min_ms in the place of 0 and the random part one doubling ahead, so that the first wait is spread as well:
 * it is the one that a whole fleet takes after its relay restarted. With e(n) = min(max, min * 2^n):
 *
 *   none e(n) · full U(min, e(n+1)) · equal U(halfway between min and e(n+1), e(n+1)) · decorrelated min(max,
 *   U(min, 3 * the wait before))
 *
 * `fixed` is the first wait of `exponential` again and again: min without jitter, spread up to twice
 * (decorrelated: three times) min with it.
 */
import type { Random } from 'hal';

export type BackoffKind = 'fixed' | 'exponential';
export type Jitter = 'none' | 'equal' | 'full' | 'decorrelated';

export interface BackoffSettings {
  kind: BackoffKind;
  jitter: Jitter;
  /** Integers, ms, 0 < min_ms <= max_ms. */
  min_ms: number;
  max_ms: number;
}

/**
 * @param failures attempts that failed in a row before this wait, not counting the one that causes it: 0, 1,
 *   …
 * @param previousMs the wait before this one, or `min_ms`
 * @param unit uniform over [0, 1)
 */
export function backoffMs(settings: BackoffSettings, failures: number, previousMs: number, unit: number): number {
  const { min_ms: min, max_ms: max } = settings;
  const fixed = settings.kind === 'fixed';
  const base = min * (fixed ? 1 : 2 ** failures);
  const ceiling = Math.min(max, base * 2);
  switch (settings.jitter) {
    case 'none':
      return Math.min(max, base);
    case 'full':
      return between(min, ceiling, unit);
    case 'equal':
      return between((min + ceiling) / 2, ceiling, unit);
    case 'decorrelated':
      return Math.min(max, between(min, (fixed ? min : previousMs) * 3, unit));
  }
}

function between(low: number, high: number, unit: number): number {
  return Math.floor(low + (high - low) * unit);
}

/** The same with its memory: one per thing that is retried. */
export class Backoff {
  private readonly settings: BackoffSettings;
  private readonly random: Random;
  private failures: number = 0;
  private previousMs: number;

  constructor(settings: BackoffSettings, random: Random) {
    this.settings = settings;
    this.random = random;
    this.previousMs = settings.min_ms;
  }

  next(): number {
    this.previousMs = backoffMs(this.settings, this.failures, this.previousMs, this.random.uint32() / 4294967296);
    this.failures++;
    return this.previousMs;
  }

  /** What was retried has worked: the next failure starts over. */
  reset(): void {
    this.failures = 0;
    this.previousMs = this.settings.min_ms;
  }
}
