/**
 * The charge that one board draws, integrated over virtual time as its parts tell what they do
 * (../activity.ts), and what it was for.
 *
 * Between two things that happen the current is constant but for two ends that are known before: of what the
 * CPU computes, and of the time that a radio stays awake after a frame. Where the radio does not sleep,
 * neither end matters, and what the CPU computes is drawn at once. A radio that sleeps wakes for beacons
 * without an event each; the mean of that is drawn.
 *
 * Not modelled: null frames and acknowledgements of 802.11, tries of the radio that fail, the way into
 * light-sleep and out of it, flash, what hangs on the pins.
 */
import { AWAKE_US, BEACON_US } from '../../net/rules/power-save.ts';
import type { Packet } from '../../net/wire/packet.ts';
import type { Activity, RadioState, SleepState } from '../activity.ts';
import { CAUSES, type Cause, causeOf, type PacketCause } from './causes.ts';
import type { Currents } from './currents.ts';

/** What the firmware's platform does when there is nothing to do. */
export interface IdleSettings {
  /** The clock goes down while the CPU waits (ESP-IDF: CONFIG_PM_ENABLE, DFS). */
  frequencyScaling: boolean;
  /**
   * The CPU stops while it waits (automatic light-sleep), and the clock goes down before. Only while the
   * radio is off or saves power.
   */
  lightSleep: boolean;
}

const US_PER_HOUR = 3_600_000_000;

/** Causes as their places in CAUSES: a board tells of every handler and every frame. */
const PLACE = Object.fromEntries(CAUSES.map((cause, place) => [cause, place])) as Readonly<Record<Cause, number>>;
const { boot: BOOT, joins: JOINS, connects: CONNECTS, computing: COMPUTING, listening: LISTENING, idle: IDLE } = PLACE;

export class EnergyMeter implements Activity {
  private readonly currents: Currents;
  private readonly settings: IdleSettings;
  /** mA × µs, by cause. */
  private readonly charge = new Float64Array(CAUSES.length);
  /** Up to when all this is. */
  private atUs = 0;
  private sinceUs: number | null = null;
  private listenedUs = 0;
  private state: 'off' | SleepState = 'off';
  private radioState: RadioState = 'off';
  /** For which beacons it wakes; 0: it does not sleep. */
  private beacons = 0;
  /**
   * While the radio is off and the CPU waits; and what a CPU at work adds to a radio that is off, or on, mA.
   */
  private restMa = 0;
  private busyMa = 0;
  private busyUntilUs = 0;
  private busyWith = COMPUTING;
  private awakeUntilUs = 0;
  private packetCause: PacketCause = 'connects';
  private packetPlace = CONNECTS;
  /** What it draws to send at the rate of the last frame, mA. */
  private sendsAtBps = Number.NaN;
  private sendMa = 0;

  constructor(currents: Currents, settings: IdleSettings) {
    this.currents = currents;
    this.settings = settings;
  }

  power(on: boolean, atUs: number): void {
    if (on) this.sinceUs ??= atUs;
    this.enter(on ? 'awake' : 'off', atUs);
  }

  sleep(state: SleepState, atUs: number): void {
    this.enter(state, atUs);
  }

  cpu(busyUs: number, reason: string, atUs: number): void {
    if (this.beacons > 0 && atUs >= this.busyUntilUs) this.advance(atUs);
    this.busyUntilUs = atUs + busyUs;
    this.busyWith = reason === 'boot' ? BOOT : reason === 'tls' ? CONNECTS : COMPUTING;
    if (this.beacons === 0) this.charge[this.busyWith] += busyUs * this.busyMa;
  }

  radio(state: RadioState, atUs: number): void {
    this.advance(atUs);
    // It says so by frames, and is awake for a while after them.
    if (state === 'joined') this.awakeUntilUs = atUs + AWAKE_US;
    this.setRadio(state);
  }

  powerSave(beacons: number, atUs: number): void {
    this.advance(atUs);
    this.busyUntilUs = atUs;
    this.beacons = beacons;
  }

  frame(way: 'tx' | 'rx', airUs: number, rateBps: number, atUs: number, packet: Packet): void {
    if (this.beacons > 0) this.advance(atUs);
    const cause = causeOf(packet, this.packetCause);
    if (cause !== this.packetCause) {
      this.packetCause = cause;
      this.packetPlace = PLACE[cause];
    }
    this.awakeUntilUs = atUs + AWAKE_US;
    if (way === 'rx') return;
    if (rateBps !== this.sendsAtBps) this.setRate(rateBps);
    this.charge[this.packetPlace] += airUs * (this.sendMa - this.currents.receiveMa);
  }

  /** Drawn so far, mAh. */
  drawnMah(nowUs: number): number {
    this.advance(nowUs);
    return this.charge.reduce((sum, one) => sum + one, 0) / US_PER_HOUR;
  }

  /** @param nowUs the end of it */
  figures(nowUs: number): EnergyFigures {
    const drawnMah = this.drawnMah(nowUs);
    const byCause = Object.fromEntries(CAUSES.map((cause, place) => [cause, this.charge[place] / US_PER_HOUR])) as Record<Cause, number>;
    return { drawnMah, byCause, us: this.sinceUs === null ? 0 : nowUs - this.sinceUs, listenedUs: this.listenedUs };
  }

  private enter(state: 'off' | SleepState, atUs: number): void {
    this.advance(atUs);
    if (this.beacons === 0 && this.busyUntilUs > atUs) this.charge[this.busyWith] -= (this.busyUntilUs - atUs) * this.busyMa;
    this.state = state;
    this.busyUntilUs = this.awakeUntilUs = atUs;
    this.setRadio('off');
  }

  private setRadio(state: RadioState): void {
    this.radioState = state;
    this.restMa = this.restOf();
    this.busyMa = this.currents.computingMa - (state === 'off' ? this.restMa : this.currents.waitingMa);
  }

  private restOf(): number {
    const { lightSleepMa, joinedMa, scaledMa, waitingMa, deepSleepMa } = this.currents;
    if (this.state === 'off') return 0;
    if (this.state === 'deep') return deepSleepMa;
    if (this.state === 'light') return lightSleepMa;
    if (this.settings.lightSleep) return lightSleepMa + (this.radioState === 'joined' ? joinedMa : 0);
    return this.settings.frequencyScaling ? scaledMa : waitingMa;
  }

  private advance(toUs: number): void {
    while (this.atUs < toUs) {
      let untilUs = toUs;
      if (this.busyUntilUs > this.atUs && this.busyUntilUs < untilUs) untilUs = this.busyUntilUs;
      if (this.awakeUntilUs > this.atUs && this.awakeUntilUs < untilUs) untilUs = this.awakeUntilUs;
      this.pass(untilUs - this.atUs);
      this.atUs = untilUs;
    }
  }

  /** So long nothing changes. */
  private pass(us: number): void {
    if (this.state === 'off') return;
    const { charge, currents, restMa } = this;
    charge[IDLE] += us * (restMa + currents.boardMa);
    const listens = this.listens();
    if (listens > 0) {
      charge[this.listensFor(listens)] += us * listens * (currents.receiveMa - restMa);
      this.listenedUs += us * listens;
    }
    if (this.beacons > 0 && this.busyUntilUs > this.atUs)
      charge[this.busyWith] += us * (currents.computingMa - (listens === 1 ? currents.waitingMa : restMa));
  }

  /** The share of its time in which the radio is up now. */
  private listens(): number {
    if (this.radioState === 'off') return 0;
    if (this.radioState === 'joining' || this.beacons === 0 || this.awakeUntilUs > this.atUs) return 1;
    return this.currents.beaconUs / (this.beacons * BEACON_US);
  }

  private listensFor(share: number): number {
    if (this.radioState === 'joining') return JOINS;
    return this.beacons === 0 || share < 1 ? LISTENING : this.packetPlace;
  }

  private setRate(rateBps: number): void {
    const { transmit } = this.currents;
    this.sendsAtBps = rateBps;
    this.sendMa = (transmit.find(({ toBps }) => rateBps <= toBps) ?? transmit[transmit.length - 1]).ma;
  }
}

export interface EnergyFigures {
  drawnMah: number;
  /** Together `drawnMah`. */
  byCause: Readonly<Record<Cause, number>>;
  /** Since its power first came on, and how long of that its radio was up, µs. */
  us: number;
  listenedUs: number;
}
