/**
 * What the parts of one board do, as they do it: for the model of energy (energy/), of heat, of a duty cycle.
 * A board without a listener pays for none.
 *
 * All times are µs, `atUs` of the world. Not told: what the platform does beside the firmware, and tries of
 * the radio that fail.
 */
import type { Packet, Way } from '../net/wire/packet.ts';
import type { PacketTap } from '../net/wire/packet-tap.ts';

/** `joining`: it scans and listens without a break. `joined`: so it does, or sleeps between beacons. */
export type RadioState = 'off' | 'joining' | 'joined';

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
  /** From now on; its radio is off. A deep sleep ends with a boot, of which `power` tells. */
  sleep(state: SleepState, atUs: number): void;
  /** From now on. */
  radio(state: RadioState, atUs: number): void;
  /**
   * While it is joined, the radio sleeps from now on and wakes for every beacon (1), every second one …, and
   * for a while around each frame (net/rules/power-save.ts); 0: it never sleeps. Told at the start too.
   */
  powerSave(beacons: number, atUs: number): void;
  /**
   * The radio sends a packet, or one that sleeps now and then has received one: one that never sleeps listens
   * anyway. @param airUs its time on the air @param rateBps Infinity: it takes none
   */
  frame(way: 'tx' | 'rx', airUs: number, rateBps: number, atUs: number, packet: Packet): void;
}

/** Several as one, told in their order. */
export function joinActivities(first: Activity | null, second: Activity): Activity {
  return first === null ? second : new JoinedActivities(first, second);
}

class JoinedActivities implements Activity {
  private readonly both: readonly Activity[];

  constructor(...both: Activity[]) {
    this.both = both;
  }

  power(...told: Parameters<Activity['power']>): void {
    for (const one of this.both) one.power(...told);
  }

  cpu(...told: Parameters<Activity['cpu']>): void {
    for (const one of this.both) one.cpu(...told);
  }

  radio(...told: Parameters<Activity['radio']>): void {
    for (const one of this.both) one.radio(...told);
  }

  sleep(...told: Parameters<Activity['sleep']>): void {
    for (const one of this.both) one.sleep(...told);
  }

  powerSave(...told: Parameters<Activity['powerSave']>): void {
    for (const one of this.both) one.powerSave(...told);
  }

  frame(...told: Parameters<Activity['frame']>): void {
    for (const one of this.both) one.frame(...told);
  }
}

const US_PER_S = 1_000_000;
const BITS_PER_BYTE = 8;

/** Hears the frames of a board at its link, for which a rule or a medium says the rate. */
export class FrameActivity implements PacketTap {
  private readonly activity: Activity;
  private readonly station: { readonly joined: boolean };
  /** Of the link now, bits per second. */
  rateBps = Number.POSITIVE_INFINITY;
  /** For the way down; itself it is for the way up. A station that has not joined sends and hears nothing. */
  readonly down: PacketTap = { sent() {}, delivered: (packet, _, atUs) => this.tell('rx', packet, atUs) };

  constructor(activity: Activity, station: { readonly joined: boolean }) {
    this.activity = activity;
    this.station = station;
  }

  sent(packet: Packet, _way: Way, atUs: number): void {
    this.tell('tx', packet, atUs);
  }

  private tell(way: 'tx' | 'rx', packet: Packet, atUs: number): void {
    if (!this.station.joined) return;
    const { rateBps } = this;
    this.activity.frame(way, (packet.wireBytes * BITS_PER_BYTE * US_PER_S) / rateBps, rateBps, atUs, packet);
  }
}
