/**
 * An access point on the air, with its beacons: the radio that sends to all its stations, and who of them is to be woken by the next DTIM.
 *
 * A BSS is 802.11's word for an access point with the stations that belong to it. What joining takes, and whom it lets in, is station.ts's.
 */
import type { RandomStream } from '../../../kernel/random.ts';
import { ACCESS_POINT_TRIES } from '../../rules/mac-retries.ts';
import { BEACON_US as BEACON_INTERVAL_US } from '../../rules/power-save.ts';
import { Beacon } from './beacon.ts';
import { ACCESS_POINT_CW_MAX } from './edca.ts';
import type { Medium } from './medium.ts';
import { LINUX_QUEUE } from './queues.ts';
import { Radio, type RadioSettings } from './radio.ts';

/** Who waits for a DTIM: every so manieth beacon is one for it. */
export interface Sleeper {
  readonly dtim: number;
  /** @param untilUs when the beacon ends, µs */
  onDtim(untilUs: number): void;
}

/** What may be another access point's than the usual one's. */
export type BssSettings = Omit<RadioSettings, 'random'>;

export const LINUX_ACCESS_POINT: BssSettings = {
  tries: ACCESS_POINT_TRIES,
  cwMax: ACCESS_POINT_CW_MAX,
  queue: LINUX_QUEUE,
  aggregate: false,
};

export class Bss {
  readonly medium: Medium;
  readonly radio: Radio;
  private readonly beacon: Beacon;
  private sleepers: Sleeper[] = [];
  private on = true;

  /** @param random streams of its own, by purpose */
  constructor(medium: Medium, random: (purpose: string) => RandomStream, settings: BssSettings = LINUX_ACCESS_POINT) {
    this.medium = medium;
    this.radio = new Radio(medium, { ...settings, random: random('backoff') });
    const firstUs = medium.nowUs + Math.floor(random('beacon').next() * BEACON_INTERVAL_US);
    this.beacon = new Beacon(medium.carrier, firstUs, (untilUs, count) => this.wake(untilUs, count));
    medium.addBeacon(this.beacon);
  }

  /** Off, it sends no beacons; its stations' packets are theirs to give up. */
  setPower(on: boolean): void {
    if (this.on === on) return;
    this.on = on;
    if (on) this.medium.addBeacon(this.beacon);
    else this.medium.removeBeacon(this.beacon);
  }

  /** Wakes a station with the next beacon that is a DTIM for it. */
  announce(sleeper: Sleeper): void {
    if (!this.sleepers.includes(sleeper)) this.sleepers.push(sleeper);
    this.medium.awaitBeacon(this.beacon);
  }

  private wake(untilUs: number, count: number): void {
    const due = this.sleepers.filter(({ dtim }) => count % dtim === 0);
    this.sleepers = this.sleepers.filter(({ dtim }) => count % dtim !== 0);
    for (const sleeper of due) sleeper.onDtim(untilUs);
    if (this.sleepers.length > 0) this.medium.awaitBeacon(this.beacon);
  }
}
