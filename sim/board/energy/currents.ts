/**
 * What a chip draws in each of its states: a part of a device's profile. Currents are of the whole chip, mA
 * at its supply, unless they say otherwise.
 */
export interface Currents {
  /**
   * The radio is off: the CPU computes; waits at its full clock; waits at the clock that frequency scaling
   * (DFS) leaves it.
   */
  readonly computingMa: number;
  readonly waitingMa: number;
  readonly scaledMa: number;
  /** Automatic light-sleep, and what being joined adds to it beside the beacons. */
  readonly lightSleepMa: number;
  readonly joinedMa: number;
  readonly deepSleepMa: number;
  /** The radio listens or receives, and the CPU waits. */
  readonly receiveMa: number;
  /**
   * The radio sends, by its rate: the first row that is not slower. The last one is for all that are faster.
   */
  readonly transmit: readonly { readonly toBps: number; readonly ma: number }[];
  /** How long a radio that saves power is up for a beacon, µs. */
  readonly beaconUs: number;
  /** What the board draws beside the chip while it has power: regulator, USB, lights. */
  readonly boardMa: number;
}

/** Rows of a table by rate. */
export const DSSS_BPS = 11_000_000;
export const OFDM_BPS = 54_000_000;
