/**
 * What a signal level means for a link: the bit rate that is left, and the share of frames that have to be sent again. Weaker is never better.
 *
 * The ladder is that of an ESP32-S3 (WROOM data sheet, table 6-4); an ESP32's two published ends (HT20 MCS0 -93, MCS7 -73 dBm) lie within 1.2 dB of it.
 * No curve of loss over RSSI of a real ESP32 was found, so its shape is assumed; the assumptions are the constants marked [A].
 * Not modelled: fading, interference that comes and goes, a weaker way up than down, and scans, association and beacons, which do not feel the level.
 */

interface Rung {
  /** At which one frame in ten fails (802.11n; 8 % in 802.11b), dBm. */
  sensitivityDbm: number;
  /** On the air, bits per second. */
  phyBps: number;
}

/** 802.11b at 1, 2 and 5.5 Mbit/s, then 802.11n HT20, MCS 0 to 7, long guard interval. */
const LADDER: readonly Rung[] = [
  { sensitivityDbm: -98.4, phyBps: 1_000_000 },
  { sensitivityDbm: -95.4, phyBps: 2_000_000 },
  { sensitivityDbm: -93.0, phyBps: 5_500_000 },
  { sensitivityDbm: -92.6, phyBps: 6_500_000 },
  { sensitivityDbm: -91.0, phyBps: 13_000_000 },
  { sensitivityDbm: -88.2, phyBps: 19_500_000 },
  { sensitivityDbm: -85.0, phyBps: 26_000_000 },
  { sensitivityDbm: -81.8, phyBps: 39_000_000 },
  { sensitivityDbm: -77.4, phyBps: 52_000_000 },
  { sensitivityDbm: -75.8, phyBps: 58_500_000 },
  { sensitivityDbm: -74.2, phyBps: 65_000_000 },
];
const SLOWEST = LADDER[0];
/** Of a perfect signal, on the air, bits per second. */
export const FASTEST_BPS = LADDER[LADDER.length - 1].phyBps;

/** Data sheets measure in a shielded box; a busy 2.4 GHz band takes so much of it [A]. It puts the edge of what works at about -90 dBm. */
const NOISE_DB = 10;
/** Of the air's bits, what carries packets: 30 Mbit/s of UDP at best in open air (ESP-IDF, Wi-Fi performance) over 65; the same on every rung [A]. */
const MAC_EFFICIENCY = 30 / 65;
/** Odds of a frame error at the sensitivity: one in ten. */
const ERROR_ODDS = 1 / 9;
/** The odds grow tenfold with each step of so many dB downwards [A: in a cable it is steeper, in a house with people it is not]. */
const DB_PER_DECADE = 4;

/** On the air, bits per second: rate control takes the fastest rung whose sensitivity the signal meets, or else the slowest there is. */
export function phyRateBps(rssiDbm: number): number {
  return (LADDER.findLast(({ sensitivityDbm }) => sensitivityDbm + NOISE_DB <= rssiDbm) ?? SLOWEST).phyBps;
}

/** What that leaves for packets, bits per second. */
export function radioRateBps(rssiDbm: number): number {
  return phyRateBps(rssiDbm) * MAC_EFFICIENCY;
}

/**
 * Share of tries at a frame that fail, above 0 and below 1. It is that of the slowest rung: rate control, and the slower rates at which a frame is tried
 * again, see to it that a faster rung does no worse [A].
 */
export function frameErrorRate(rssiDbm: number): number {
  const marginDb = rssiDbm - (SLOWEST.sensitivityDbm + NOISE_DB);
  const odds = ERROR_ODDS * 10 ** (-marginDb / DB_PER_DECADE);
  return odds / (1 + odds);
}
