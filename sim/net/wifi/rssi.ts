/**
 * What a signal level means for a link: the bit rate that is left, and the share of frames that have to be
 * sent again. Weaker is never better.
 *
 * The rates and their sensitivities are the radio's (parameters.ts). No curve of loss over RSSI of a real
 * ESP32 was found, so its shape is assumed; the assumptions are the constants marked [A]. Not modelled:
 * fading, a weaker way up than down, and authentication, association and keys, which do not feel the level;
 * beacons and scans do (beacon-watch.ts, station.ts).
 */
import type { RadioParameters } from './parameters.ts';

/**
 * Data sheets measure in a shielded box; a busy 2.4 GHz band takes so much of it [A]. It puts the edge of
 * what works at about -90 dBm.
 */
const NOISE_DB = 10;
/**
 * Of the air's bits, what carries packets: 30 Mbit/s of UDP at best in open air (ESP-IDF, Wi-Fi performance)
 * over 65; the same on every rung [A].
 */
const MAC_EFFICIENCY = 30 / 65;
/** Odds of a frame error at the sensitivity: one in ten. */
const ERROR_ODDS = 1 / 9;
/**
 * The odds grow tenfold with each step of so many dB downwards [A: in a cable it is steeper, in a house with
 * people it is not].
 */
const DB_PER_DECADE = 4;

/** Of a perfect signal, on the air, bits per second. */
export function fastestBps({ ladder }: RadioParameters): number {
  return ladder[ladder.length - 1].phyBps;
}

/**
 * On the air, bits per second: rate control takes the fastest rung whose sensitivity the signal meets, or
 * else the slowest there is.
 */
export function phyRateBps(rssiDbm: number, { ladder }: RadioParameters): number {
  return (ladder.findLast(({ sensitivityDbm }) => sensitivityDbm + NOISE_DB <= rssiDbm) ?? ladder[0]).phyBps;
}

/** What that leaves for packets, bits per second. */
export function radioRateBps(rssiDbm: number, radio: RadioParameters): number {
  return phyRateBps(rssiDbm, radio) * MAC_EFFICIENCY;
}

/**
 * Share of tries at a frame that fail, above 0 and below 1. It is that of the slowest rung: rate control, and
 * the slower rates at which a frame is tried again, see to it that a faster rung does no worse [A].
 */
export function frameErrorRate(rssiDbm: number, { ladder: [slowest] }: RadioParameters): number {
  const marginDb = rssiDbm - (slowest.sensitivityDbm + NOISE_DB);
  const odds = ERROR_ODDS * 10 ** (-marginDb / DB_PER_DECADE);
  return odds / (1 + odds);
}
