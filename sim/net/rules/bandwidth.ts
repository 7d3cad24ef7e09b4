/**
 * A link rate with a bounded first-in-first-out queue in front of it: packets wait while others are sent, and
 * are dropped at the tail when the queue is full, as in a router without queue management (bufferbloat
 * shows).
 */
import { BITS_PER_BYTE, formatBitRate, US_PER_S } from 'host/units';
import type { Draw } from '../../kernel/draw.ts';
import { bitRate } from '../../kernel/fields.ts';
import { type LinkRule, onOneWay, type Ways } from '../link/link-rule.ts';
import { DROP, type Rule } from '../link/rule.ts';
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

const rateEachWay = {
  key: 'rate',
  flag: 'rate',
  about: 'Bit rate of the link',
  field: bitRate(MIN_RATE_BPS, MAX_RATE_BPS),
  default: 20_000_000,
  /** A weak mobile uplink, and 802.11n on one antenna. */
  draw: (draw: Draw) => draw.bitRate(250_000, 50_000_000),
} as const;

export interface BandwidthSettings {
  /** Bit rate of the air link, bits per second, per direction. */
  rateBps: number;
  rateUpBps?: number;
  rateDownBps?: number;
  rssiDbm?: number;
}

export const bandwidth = {
  place: 'queue',
  settings: { rateBps: rateEachWay, rateUpBps: onOneWay('up', rateEachWay), rateDownBps: onOneWay('down', rateEachWay) },
  describe: ({ rateBps, rateUpBps = rateBps, rateDownBps = rateBps }) => {
    const up = `${formatBitRate(rateUpBps)}/s`;
    const down = `${formatBitRate(rateDownBps)}/s`;
    const value = up === down ? up : `${up} up, ${down} down`;
    return { label: 'Bit rate', value, clause: up === down ? `carries ${up}` : `carries ${up} up and ${down} down` };
  },
  /**
   * On an air that is shared, what carries packets on from the access point; a frame's own rate is the air's.
   */
  create: (settings, { nowUs, sharesAir, radio }, previous) => {
    const { rateBps, rateUpBps = rateBps, rateDownBps = rateBps, rssiDbm } = settings;
    const slowest = (ownBps: number) => (sharesAir || rssiDbm === undefined ? ownBps : Math.min(ownBps, radioRateBps(rssiDbm, radio)));
    const [upBps, downBps] = [slowest(rateUpBps), slowest(rateDownBps)];
    previous?.up.setRate(upBps, nowUs);
    previous?.down.setRate(downBps, nowUs);
    return previous ?? { up: new Bandwidth(upBps), down: new Bandwidth(downBps) };
  },
} as const satisfies LinkRule<BandwidthSettings, Record<keyof Ways, Bandwidth>>;
