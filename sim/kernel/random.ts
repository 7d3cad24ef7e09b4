/**
 * Seeded random streams by name (xoroshiro128+ of `pure-rand`).
 *
 * Each board and purpose has a stream of its own (`board-7/loss-up`), seeded from the run's seed and the name
 * alone: one board more, or one more draw somewhere, changes nobody else's luck.
 */
import { createHash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

const TWO_POW_32 = 4294967296;

export class RandomStream {
  private readonly generator: RandomGenerator;

  constructor(state: readonly number[]) {
    this.generator = xoroshiro128plusFromState(state);
  }

  /** An integer, uniform over 0 to 2^32 - 1. */
  uint32(): number {
    return this.generator.next() >>> 0;
  }

  /** Uniform over [0, 1), in steps of 2^-32. */
  next(): number {
    return (this.generator.next() >>> 0) / TWO_POW_32;
  }

  /** Uniform over [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }
}

export class RandomStreams {
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The stream of that name, from its beginning. Ask once per purpose and keep it. */
  stream(name: string): RandomStream {
    const digest = createHash('sha256').update(`${this.seed}/${name}`).digest();
    return new RandomStream([digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12) | 1]);
  }
}
