/**
 * A radio that tries a frame again until it is acknowledged (802.11's retry limit): frame errors become
 * delay, and only when every try has failed a loss.
 *
 * Each failed try costs its air time and a back-off, of which the mean is taken. Not modelled: that retries
 * take the air from the packets behind, which wait only because a direction keeps its order; bursts of frame
 * errors.
 */
import { BITS_PER_BYTE, US_PER_S } from 'host/units';
import { decimal } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import type { RadioParameters } from '../wifi/parameters.ts';
import { fastestBps, frameErrorRate, phyRateBps, radioRateBps } from '../wifi/rssi.ts';
import type { Packet, Way } from '../wire/packet.ts';

/** Tries per frame of an access point: the standard's short retry limit. A board's are its radio's. */
export const ACCESS_POINT_TRIES = 7;
/** A frame in a million that has to be sent again shows nowhere. */
const NEGLIGIBLE_ERROR_RATE = 1e-6;
/** Below the weakest frame that any receiver made sense of, to right beside the access point, dBm. */
const MIN_RSSI_DBM = -110;
const MAX_RSSI_DBM = -10;

/** 802.11n, 2.4 GHz, short slot. */
const SLOT_US = 9;
/** The contention window doubles with every retry of a frame, from and up to so many slots (802.11 DCF). */
const WINDOW_MIN = 15;
const WINDOW_MAX = 1023;

export class MacRetries implements Rule {
  private readonly logErrorRate: number;
  private readonly tries: number;
  private readonly usPerByte: number;
  private readonly random: RandomStream;

  /**
   * @param errorRate of one try, above 0 and below 1 @param tries at least 1 @param rateBps at which a frame
   *   is tried again
   */
  constructor(errorRate: number, tries: number, rateBps: number, random: RandomStream) {
    this.logErrorRate = Math.log(errorRate);
    this.tries = tries;
    this.usPerByte = (BITS_PER_BYTE * US_PER_S) / rateBps;
    this.random = random;
  }

  judge(packet: Packet): number {
    const failed = Math.floor(Math.log(1 - this.random.next()) / this.logErrorRate); // geometric: k failures or more with errorRate^k
    if (failed >= this.tries) return DROP;
    return failed === 0 ? 0 : backoffUs(failed) + failed * packet.wireBytes * this.usPerByte;
  }
}

/**
 * Mean back-off before a frame has been tried again so many times, µs in all: windows of 31, 63, … slots, of
 * which half is waited.
 */
function backoffUs(retries: number): number {
  const doubled = Math.min(retries, Math.log2((WINDOW_MAX + 1) / (WINDOW_MIN + 1)));
  const slots = (WINDOW_MIN + 1) * (2 ** (doubled + 1) - 2) - doubled + (retries - doubled) * WINDOW_MAX;
  return (slots / 2) * SLOT_US;
}

export const macRetries = {
  place: 'receiver',
  settings: {
    rssiDbm: {
      key: 'rssi',
      about: 'Signal level that each side receives, dBm: the radio’s own loss, delay and rate on top; without it the radio is perfect',
      field: decimal(MIN_RSSI_DBM, MAX_RSSI_DBM),
      /** From where a receiver gets most frames. */
      draw: (draw) => (draw.chance(0.3) ? draw.whole(-85, -40) : undefined),
    },
  },
  describe: ({ rssiDbm }) =>
    rssiDbm === undefined ? null : { label: 'Signal', value: `${rssiDbm} dBm`, clause: `has a signal of ${rssiDbm} dBm` },
  create: ({ rssiDbm }, { stream, radio }) => {
    const errorRate = rssiDbm === undefined ? 0 : frameErrorRate(rssiDbm, radio);
    if (rssiDbm === undefined || errorRate < NEGLIGIBLE_ERROR_RATE) return null;
    const rateBps = radioRateBps(rssiDbm, radio);
    const onWay = (way: Way) => new MacRetries(errorRate, triesOf(way, radio), rateBps, stream(`radio-${way}`));
    return { up: onWay('up'), down: onWay('down') };
  },
  /** That of the way down, since an access point tries less often than a board. */
  lossRate: ({ rssiDbm }, radio) => (rssiDbm === undefined ? null : frameErrorRate(rssiDbm, radio) ** ACCESS_POINT_TRIES),
  air: ({ rssiDbm }, way, radio) => ({
    rateBps: rssiDbm === undefined ? fastestBps(radio) : phyRateBps(rssiDbm, radio),
    errorRate: rssiDbm === undefined ? 0 : frameErrorRate(rssiDbm, radio),
    maxTries: triesOf(way, radio),
  }),
} as const satisfies LinkRule<{ rssiDbm?: number }>;

function triesOf(way: Way, { tries }: RadioParameters): number {
  return way === 'up' ? tries : ACCESS_POINT_TRIES;
}
