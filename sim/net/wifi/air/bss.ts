/**
 * An access point on the air, with its beacons: the radio that sends to all its stations, and who of them is
 * to be woken by the next DTIM.
 *
 * A BSS is 802.11's word for an access point with the stations that belong to it. What joining takes, and
 * whom it lets in, is station.ts's.
 */
import type { RandomStream } from '../../../kernel/random.ts';
import { ACCESS_POINT_TRIES } from '../../rules/mac-retries.ts';
import { BEACON_US as BEACON_INTERVAL_US } from '../../rules/power-save.ts';
import { Beacon } from './beacon.ts';
import { ACCESS_POINT_CW_MAX } from './edca.ts';
import type { Medium } from './medium.ts';
import { LINUX_QUEUE } from './queues.ts';
import { Radio, type RadioSettings } from './radio.ts';

/** A station, as its access point knows it. */
export interface Member {
  /** Every so manieth beacon is a DTIM for it. */
  readonly dtim: number;
  /** It was announced in a DTIM, which ends at `untilUs`. */
  onDtim(untilUs: number): void;
  onPower(on: boolean): void;
  /** It is off the air with its access point, which is on its way to another channel and takes it along. */
  pause(): void;
  /** Its access point has another channel. */
  onChannel(announced: boolean): void;
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
  readonly radio: Radio;
  private channel: Medium;
  private readonly beacon: Beacon;
  private readonly members = new Set<Member>();
  private announced: Member[] = [];
  private isOn = true;

  /** @param random streams of its own, by purpose */
  constructor(medium: Medium, random: (purpose: string) => RandomStream, settings: BssSettings = LINUX_ACCESS_POINT) {
    this.channel = medium;
    this.radio = new Radio(medium, { ...settings, random: random('backoff') });
    const firstUs = medium.nowUs + Math.floor(random('beacon').next() * BEACON_INTERVAL_US);
    this.beacon = new Beacon(medium.carrier, firstUs, (untilUs, count) => this.onBeacon(untilUs, count));
    medium.addBeacon(this.beacon);
  }

  get on(): boolean {
    return this.isOn;
  }

  get medium(): Medium {
    return this.channel;
  }

  add(member: Member): void {
    this.members.add(member);
  }

  remove(member: Member): void {
    this.members.delete(member);
    this.announced = this.announced.filter((one) => one !== member);
  }

  /** Off, it sends no beacons and acknowledges nothing, and what waited in it is gone. */
  setPower(on: boolean): void {
    if (this.isOn === on) return;
    this.isOn = on;
    if (on) this.medium.addBeacon(this.beacon);
    else this.medium.removeBeacon(this.beacon);
    for (const member of this.members) member.onPower(on);
  }

  /** Nobody sends until its channel is another. */
  pause(): void {
    this.radio.mute();
    for (const member of this.members) member.pause();
  }

  /** What waits at it comes along, and of its stations who has heard of it. */
  setChannel(medium: Medium, announced: boolean): void {
    if (this.isOn) this.channel.removeBeacon(this.beacon);
    this.channel = medium;
    this.radio.tune(medium);
    this.beacon.carrier = medium.carrier;
    if (this.isOn) medium.addBeacon(this.beacon);
    if (this.announced.length > 0) medium.awaitBeacon(this.beacon);
    for (const member of this.members) member.onChannel(announced);
  }

  /** Tells a station, with the next beacon that is a DTIM for it, that something is held for it. */
  announce(member: Member): void {
    if (!this.announced.includes(member)) this.announced.push(member);
    this.medium.awaitBeacon(this.beacon);
  }

  private onBeacon(untilUs: number, count: number): void {
    const due = this.announced.filter(({ dtim }) => count % dtim === 0);
    this.announced = this.announced.filter(({ dtim }) => count % dtim !== 0);
    for (const member of due) member.onDtim(untilUs);
    if (this.announced.length > 0) this.medium.awaitBeacon(this.beacon);
  }
}
