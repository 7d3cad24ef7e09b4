/**
 * Seeded random streams by name (xoroshiro128+ of `pure-rand`).
 *
 * Each board and purpose has a stream of its own (`board-7/loss-up`), seeded from the run's seed and the name
 * alone: one board more, or one more draw somewhere, changes nobody else's luck.
 *
 * The luck of a world can change on its way (`redraw`): what has been drawn stays, what is drawn from then on
 * is as another seed has it.
 */
import { createHash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

const TWO_POW_32 = 4294967296;

export class RandomStream {
  private generator: RandomGenerator;

  constructor(state: readonly number[]) {
    this.generator = xoroshiro128plusFromState(state);
  }

  /** Goes on as a stream of that state from its beginning. */
  reseed(state: readonly number[]): void {
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
  private seed: number;
  private readonly firstSeed: number;
  /** null: nobody will ask for other luck, and nothing is kept of streams. */
  private readonly handedOut: { name: string; stream: RandomStream }[] | null;

  /** @param changes whether `redraw` will be called */
  constructor(seed: number, changes = false) {
    this.seed = seed;
    this.firstSeed = seed;
    this.handedOut = changes ? [] : null;
  }

  /** The stream of that name, from its beginning. Ask once per purpose and keep it. */
  stream(name: string): RandomStream {
    const stream = new RandomStream(stateOf(this.seed, name));
    this.handedOut?.push({ name, stream });
    return stream;
  }

  /** The same of what is no luck: `redraw` leaves it as it is. */
  fixed(name: string): RandomStream {
    return new RandomStream(stateOf(this.firstSeed, name));
  }

  /** From now on all streams, those that somebody has included, are those of that seed. */
  redraw(seed: number): void {
    if (this.handedOut === null) throw new Error('these streams were not made to change');
    this.seed = seed;
    for (const { name, stream } of this.handedOut) stream.reseed(stateOf(seed, name));
  }
}

/** Other luck than a seed's own: that of another seed. @param luck which of many, from 1 */
export function otherSeed(seed: number, luck: number): number {
  return createHash('sha256').update(`${seed}/other-luck/${luck}`).digest().readUInt32LE(0);
}

function stateOf(seed: number, name: string): number[] {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12) | 1];
}
