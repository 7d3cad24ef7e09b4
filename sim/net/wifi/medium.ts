/**
 * The seam for the air that the stations of an access point share: one medium takes the frames of all of them, in both directions, and hands each on when its turn on
 * the air is over. An access point without one gives each link an air of its own, as the rules of rate and retries play it.
 */
import type { RandomStream } from '../../kernel/random.ts';
import type { Hop } from '../link/hop.ts';

/** What a link's settings say of the air that its frames find on this way, from the rules that have an `air`. */
export interface AirConditions {
  /** At which a frame goes over the air, bits per second. */
  rateBps: number;
  /** Share of tries that fail whatever others do, 0 to below 1. */
  errorRate: number;
  /** Tries per frame, the first one included. */
  maxTries: number;
}

/** One radio on the medium: a board's, or the access point's as far as it sends to that board. */
export interface Transmitter {
  readonly board: number;
  readonly way: 'up' | 'down';
  /** As the settings of the link are now: to be asked for each frame. */
  readonly conditions: Readonly<AirConditions>;
  /** Of this transmitter alone: one more on the medium changes nobody's draws. */
  readonly random: RandomStream;
}

export interface Medium {
  /** @returns what takes the packets that this transmitter sends, from now on */
  join(transmitter: Transmitter): Hop;
}
