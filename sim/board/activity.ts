/**
 * What the parts of one board do, as they do it: for a model of energy, of heat, of a duty cycle. A board
 * without a listener pays for none.
 *
 * All times are µs, `atUs` of the world. Not told: what the platform does beside the firmware, tries of the
 * radio that fail, and sleep between beacons: power save is the link's (net/rules/power-save.ts) and follows
 * from the frames.
 */
import type { Packet, Way } from '../net/wire/packet.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';

/** Off, or awake without a frame: it scans, joins, or is joined. */
export type RadioState = 'off' | 'listen';

/** As the firmware asked for it (hal/power.ts): of `deep` only RTC and flash are left, of `light` memory too. */
export type SleepState = 'deep' | 'light' | 'awake';

export interface Activity {
  /**
   * The board has power from now on, or none. True also at each reset; both end whatever was told to last
   * longer, and the radio is off.
   */
  power(on: boolean, atUs: number): void;
  /**
   * The CPU computes for so long from `atUs` on, which may be later than now. A blocking call that waits is
   * no computing.
   * @param reason `boot`, `handler`, or what a stall would name
   */
  cpu(busyUs: number, reason: string, atUs: number): void;
  /**
   * From now on; its radio is off. A deep sleep ends with a boot, of which `power` tells. Left out: whoever
   * listens does not care.
   */
  sleep?(state: SleepState, atUs: number): void;
  /** From now on. */
  radio(state: RadioState, atUs: number): void;
  /**
   * The radio sends a packet, or has received one. @param airUs its time on the air @param rateBps Infinity:
   * it takes none
   */
  frame(way: 'tx' | 'rx', airUs: number, rateBps: number, atUs: number): void;
}

const US_PER_S = 1_000_000;
const BITS_PER_BYTE = 8;

/** Hears the frames of a board at its link, for which a rule or a medium says the rate. */
export class FrameActivity implements PacketTap {
  private readonly activity: Activity;
  private readonly station: { readonly joined: boolean };
  private readonly rateBps: () => number;

  constructor(activity: Activity, station: { readonly joined: boolean }, rateBps: () => number) {
    this.activity = activity;
    this.station = station;
    this.rateBps = rateBps;
  }

  sent(packet: Packet, way: Way, atUs: number): void {
    if (way === 'up') this.tell('tx', packet, atUs);
  }

  delivered(packet: Packet, way: Way, atUs: number): void {
    if (way === 'down') this.tell('rx', packet, atUs);
  }

  /** A station that has not joined sends and hears nothing. */
  private tell(way: 'tx' | 'rx', packet: Packet, atUs: number): void {
    if (!this.station.joined) return;
    const rateBps = this.rateBps();
    this.activity.frame(way, (packet.wireBytes * BITS_PER_BYTE * US_PER_S) / rateBps, rateBps, atUs);
  }
}
