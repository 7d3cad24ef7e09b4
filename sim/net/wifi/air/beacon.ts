/**
 * An access point's beacons (IEEE 802.11-2020, 11.1.3): each at its time, or as soon as the air is free after
 * it, without a back-off; nobody acknowledges them.
 *
 * They cost no events: the medium makes up for them when somebody wants the air. Not modelled: beacons that
 * collide and are missed by their stations; multicast after a DTIM.
 */
import { BEACON_US as BEACON_INTERVAL_US } from '../../rules/power-save.ts';
import type { CarrierSense } from './carrier-sense.ts';
import * as edca from './edca.ts';
import { DSSS_1 } from './phy.ts';
import { Transmitter } from './transmitter.ts';

/** Constants of this module's own: they are read at every look at the air. */
const { BEACON_IFS_US } = edca;

/**
 * Of an open 802.11n network (ns-3.37): 1,360 µs at 1 Mbit/s, 1.3 % of the air. WPA2 and vendors' elements
 * make it 200 to 350 [A].
 */
export const BEACON_BYTES = 146;

const BEACON_US = DSSS_1.airUs(BEACON_BYTES);

export class Beacon extends Transmitter {
  readonly pending = true;
  /** Somebody waits for the next one. */
  awaited = false;
  private nextUs: number;
  private readonly onSent: (untilUs: number, count: number) => void;
  private count = 0;

  /**
   * @param firstUs when the first is due @param onSent hears of one that was awaited: when it ends, and how
   *   many there were
   */
  constructor(carrier: CarrierSense<Transmitter>, firstUs: number, onSent: (untilUs: number, count: number) => void) {
    super(carrier);
    this.nextUs = firstUs;
    this.onSent = onSent;
  }

  get accessUs(): number {
    return this.onAir ? Number.POSITIVE_INFINITY : Math.max(this.nextUs, this.carrier.idleUs + BEACON_IFS_US);
  }

  /** Those that were due before `nowUs` are not sent. */
  resume(nowUs: number): void {
    const missed = Math.ceil((nowUs - this.nextUs) / BEACON_INTERVAL_US);
    if (missed > 0) this.nextUs += missed * BEACON_INTERVAL_US;
  }

  /**
   * So many whole intervals have passed, in which nobody else sent. @returns how long it was on the air in
   * them, µs
   */
  pass(intervals: number): number {
    this.nextUs += intervals * BEACON_INTERVAL_US;
    this.count += intervals;
    return intervals * BEACON_US;
  }

  request(): void {}

  begin(): void {
    this.sinceUs = this.accessUs;
    this.untilUs = this.sinceUs + BEACON_US;
    this.nextUs += BEACON_INTERVAL_US;
    this.onAir = true;
  }

  defer(): void {}

  end(): void {
    this.onAir = false;
    this.count++;
    if (!this.awaited) return;
    this.awaited = false;
    this.onSent(this.untilUs, this.count);
  }
}
