/**
 * A radio that tries a frame again until it is acknowledged (802.11's retry limit): frame errors become delay, and only when every try has failed a loss.
 *
 * Each failed try costs its air time and a back-off, of which the mean is taken. Not modelled: that retries take the air from the packets behind, which
 * wait only because a direction keeps its order; bursts of frame errors.
 */
import { decimal } from '../../kernel/fields.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import type { LinkRule } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import { FASTEST_BPS, frameErrorRate, phyRateBps, radioRateBps } from '../wifi/rssi.ts';
import type { Packet } from '../wire/packet.ts';

/** Tries per frame: an access point with the standard's short retry limit of 7; ESP32's driver, 32 retries (esp-idf issue 12070). */
export const ACCESS_POINT_TRIES = 7;
export const ESP32_TRIES = 33;
const TRIES = { up: ESP32_TRIES, down: ACCESS_POINT_TRIES } as const;
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
const BITS_PER_BYTE = 8;
const US_PER_S = 1000 * US_PER_MS;

/** Back-off before a frame has been tried again `index` times, µs in all. */
const BACKOFF_US = backoffTable(ESP32_TRIES);

export class MacRetries implements Rule {
  private readonly logErrorRate: number;
  private readonly tries: number;
  private readonly usPerByte: number;
  private readonly random: RandomStream;

  /** @param errorRate of one try, above 0 and below 1 @param tries at most ESP32_TRIES @param rateBps at which a frame is tried again */
  constructor(errorRate: number, tries: number, rateBps: number, random: RandomStream) {
    this.logErrorRate = Math.log(errorRate);
    this.tries = tries;
    this.usPerByte = (BITS_PER_BYTE * US_PER_S) / rateBps;
    this.random = random;
  }

  judge(packet: Packet): number {
    const failed = Math.floor(Math.log(1 - this.random.next()) / this.logErrorRate); // geometric: k failures or more with errorRate^k
    if (failed >= this.tries) return DROP;
    return failed === 0 ? 0 : BACKOFF_US[failed] + failed * packet.wireBytes * this.usPerByte;
  }
}

function backoffTable(tries: number): number[] {
  const table = [0];
  let window = WINDOW_MIN;
  for (let retry = 1; retry < tries; retry++) {
    window = Math.min(2 * window + 1, WINDOW_MAX);
    table.push(table[retry - 1] + (window / 2) * SLOT_US);
  }
  return table;
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
  create: ({ rssiDbm }, { stream }) => {
    const errorRate = rssiDbm === undefined ? 0 : frameErrorRate(rssiDbm);
    if (rssiDbm === undefined || errorRate < NEGLIGIBLE_ERROR_RATE) return null;
    const onWay = (way: 'up' | 'down') => new MacRetries(errorRate, TRIES[way], radioRateBps(rssiDbm), stream(`radio-${way}`));
    return { up: onWay('up'), down: onWay('down') };
  },
  /** That of the way down, since an access point tries less often than a board. */
  lossRate: ({ rssiDbm }) => (rssiDbm === undefined ? null : frameErrorRate(rssiDbm) ** ACCESS_POINT_TRIES),
  air: ({ rssiDbm }, way) => ({
    rateBps: rssiDbm === undefined ? FASTEST_BPS : phyRateBps(rssiDbm),
    errorRate: rssiDbm === undefined ? 0 : frameErrorRate(rssiDbm),
    maxTries: TRIES[way],
  }),
} as const satisfies LinkRule<{ rssiDbm?: number }>;
