/**
 * Draws in the words of scenario files, from one seeded stream. What spans orders of magnitude is drawn
 * evenly over its logarithm.
 */
import { formatBitRate, formatDuration } from 'host/units';
import type { RandomStream } from './random.ts';

const SIGNIFICANT_DIGITS = 2;

export class Draw {
  private readonly stream: RandomStream;

  constructor(stream: RandomStream) {
    this.stream = stream;
  }

  chance(probability: number): boolean {
    return this.stream.next() < probability;
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.stream.next() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)];
  }

  /** A whole number with few digits, both ends included; `low` is above 0. */
  magnitude(low: number, high: number): number {
    const drawn = Math.exp(this.stream.between(Math.log(low), Math.log(high)));
    return Math.min(Math.max(Math.round(Number(drawn.toPrecision(SIGNIFICANT_DIGITS))), low), high);
  }

  duration(lowMs: number, highMs: number): string {
    return formatDuration(this.magnitude(lowMs, highMs));
  }

  bitRate(low: number, high: number): string {
    return formatBitRate(this.magnitude(low, high));
  }

  /** Each entry with the same probability, at least one. */
  some<T>(all: readonly T[], probability: number): T[] {
    const drawn = all.filter(() => this.chance(probability));
    return drawn.length > 0 ? drawn : [this.pick(all)];
  }
}
