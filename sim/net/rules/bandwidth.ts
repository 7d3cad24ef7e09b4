/**
 * A link rate with a bounded first-in-first-out queue in front of it: packets wait while others are sent, and
 * are dropped at the tail when the queue is full, as in a router without queue management (bufferbloat
 * shows).
 */
import { BITS_PER_BYTE, formatBitRate, US_PER_S } from 'host/units';
import { bitRate } from '../../kernel/fields.ts';
import type { LinkRule, Ways } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
import type { RadioParameters } from '../wifi/parameters.ts';
import { radioRateBps } from '../wifi/rssi.ts';
import type { Packet } from '../wire/packet.ts';

/** What may wait, bytes: 100 packets of 1500, a common driver default (Linux txqueuelen is 1000). */
export const QUEUE_BYTES = 150_000;
/** From a bad LPWAN to ten times the fastest radio, bits per second. */
const MIN_RATE_BPS = 1_000;
const MAX_RATE_BPS = 10_000_000_000;

export class Bandwidth implements Rule {
  private usPerByte = 0;
  /**
   * A fraction as a rule, and never an integer: a field that begins as one costs each of a fleet's rules a
   * change of its layout, in the middle of the run.
   */
  private idleFromUs = Number.NEGATIVE_INFINITY;

  /** @param rateBps bits per second, above 0 */
  constructor(rateBps: number) {
    this.setRate(rateBps, 0);
  }

  /** What waits keeps waiting, at the new rate for those behind it. */
  setRate(rateBps: number, nowUs: number): void {
    const usPerByte = (BITS_PER_BYTE * US_PER_S) / rateBps;
    if (usPerByte === this.usPerByte) return;
    const waitUs = this.idleFromUs - nowUs;
    if (waitUs > 0) this.idleFromUs = nowUs + (waitUs / this.usPerByte) * usPerByte;
    this.usPerByte = usPerByte;
  }

  judge(packet: Packet, nowUs: number): number {
    const bytes = packet.wireBytes;
    const waitUs = Math.max(0, this.idleFromUs - nowUs);
    if (waitUs / this.usPerByte + bytes > QUEUE_BYTES) return DROP;
    const delayUs = waitUs + bytes * this.usPerByte;
    this.idleFromUs = nowUs + delayUs;
    return delayUs;
  }
}

export interface BandwidthSettings {
  /** Bit rate of the air link, bits per second, per direction. */
  rateBps: number;
  rssiDbm?: number;
}

export const bandwidth = {
  place: 'queue',
  settings: {
    rateBps: {
      key: 'rate',
      flag: 'rate',
      about: 'Bit rate of the link',
      field: bitRate(MIN_RATE_BPS, MAX_RATE_BPS),
      default: 20_000_000,
      /** A weak mobile uplink, and 802.11n on one antenna. */
      draw: (draw) => draw.bitRate(250_000, 50_000_000),
    },
  },
  describe: ({ rateBps }) => {
    const value = `${formatBitRate(rateBps)}/s`;
    return { label: 'Bit rate', value, clause: `carries ${value}` };
  },
  /**
   * On an air that is shared, what carries packets on from the access point; a frame's own rate is the air's.
   */
  create: (settings, { nowUs, sharesAir, radio }, previous) => {
    const rateBps = sharesAir ? settings.rateBps : slowerBps(settings, radio);
    previous?.up.setRate(rateBps, nowUs);
    previous?.down.setRate(rateBps, nowUs);
    return previous ?? { up: new Bandwidth(rateBps), down: new Bandwidth(rateBps) };
  },
} as const satisfies LinkRule<BandwidthSettings, Record<keyof Ways, Bandwidth>>;

/** Of the link and its radio. */
function slowerBps({ rateBps, rssiDbm }: BandwidthSettings, radio: RadioParameters): number {
  return rssiDbm === undefined ? rateBps : Math.min(rateBps, radioRateBps(rssiDbm, radio));
}
