/**
 * The seam for the air that stations share: one medium takes the frames of all of them, in both directions,
 * and hands each on when its turn on the air is over. Without one each link has an air of its own, as the
 * rules of rate, retries and power save play it.
 */
import type { RandomStream } from '../../kernel/random.ts';
import type { Hop } from '../link/hop.ts';

/**
 * What a link's settings say of the air that its frames find on this way, from the rules that have an `air`.
 */
export interface AirConditions {
  /** At which a frame goes over the air, bits per second. */
  rateBps: number;
  /** Share of tries that fail whatever others do, 0 to below 1. */
  errorRate: number;
  /** Tries per frame, the first one included. */
  maxTries: number;
  /** Which beacons wake a radio that saves power: every one, every second …; 0: it never sleeps. */
  dtim: number;
}

/** One radio on the medium: a board's, or the access point's as far as it sends to that board. */
export interface Transmitter {
  readonly board: number;
  readonly way: 'up' | 'down';
  /** As the settings of the link are now; to be asked once there are packets. */
  readonly conditions: Readonly<AirConditions>;
  /**
   * The board's own stream of that name, the same one each time: one board more on the medium changes
   * nobody's draws.
   */
  stream(purpose: string): RandomStream;
}

/** What takes the packets of a transmitter. */
export interface AirHop extends Hop {
  /** The transmitter's conditions are others now. Left out: they are asked for. */
  onConditions?(): void;
}

/** Access points are counted from 0. */
export interface Medium {
  /** Whichever access point the transmitter's board is with. */
  join(transmitter: Transmitter): AirHop;
  /**
   * The board's station is associated with this access point from now on, or with none. Left out: it makes no
   * difference.
   */
  associate?(board: number, accessPoint: number | null): void;
  /** An access point has lost its power, or has it back. */
  setPower?(accessPoint: number, on: boolean): void;
  /**
   * An access point is on another channel from now on. @param announced its stations come along; else they
   * stay behind
   */
  setChannel?(accessPoint: number, channel: number, announced: boolean): void;
}
