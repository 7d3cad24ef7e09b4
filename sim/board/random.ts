/**
 * The platform's generator of random numbers: a stream of the board's own, or on a device that begins alike
 * everywhere one that all boards share.
 */
import type { Random } from 'hal';
import type { RandomStream } from '../kernel/random.ts';
import type { DeviceProfile } from './profiles/index.ts';

export interface BoardRandomParts {
  profile: DeviceProfile;
  /** False: `seed` has no effect. */
  seedRandom: boolean;
  /** Streams of this board's own, by purpose; `shared` ones are the same for every board. */
  random: (purpose: string) => RandomStream;
  sharedRandom: (purpose: string) => RandomStream;
  /** The same, of a generator that nobody has seeded: no luck, it draws alike whatever happens. */
  unseededRandom: (purpose: string) => RandomStream;
}

export class BoardRandom implements Random {
  private readonly parts: BoardRandomParts;
  private stream: RandomStream;

  constructor(parts: BoardRandomParts) {
    this.parts = parts;
    this.stream = this.fresh(0);
  }

  uint32(): number {
    return this.stream.uint32();
  }

  seed(value: number): void {
    const { profile, seedRandom, sharedRandom } = this.parts;
    if (!seedRandom || profile.randomSeed === null) return;
    this.stream = sharedRandom(`${profile.randomSeed}/${this.stream.uint32()}/${value >>> 0}`); // boards that are seeded alike draw alike
  }

  /** @param boots how often the board has booted by now */
  reset(boots: number): void {
    this.stream = this.fresh(boots);
  }

  /** Before the firmware has seeded it. */
  private fresh(boots: number): RandomStream {
    const { profile, random, unseededRandom } = this.parts;
    return profile.randomSeed === null ? random(`firmware/${boots}`) : unseededRandom(profile.randomSeed);
  }
}
