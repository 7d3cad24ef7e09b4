/**
 * A station on the air, as a link sees it: what it sends goes to its access point, what the access point has
 * for it comes down, each on its way by the radio of who sends it.
 *
 * What is on the air arrives even when the station has gone meanwhile: whoever takes it must know.
 */

import type { RandomStream } from '../../../kernel/random.ts';
import type { Timeline } from '../../../kernel/timeline.ts';
import { ESP32_RADIO } from '../parameters.ts';
import { AirPath, type AirReceiver } from './air-path.ts';
import type { Bss, Member } from './bss.ts';
import { CW_MAX } from './edca.ts';
import { ModemSleep, NULL_FRAME_BYTES } from './modem-sleep.ts';
import { MAC_OVERHEAD_BYTES, MCS_7, type PhyRate } from './phy.ts';
import { ESP32_QUEUE } from './queues.ts';
import { Radio, type RadioSettings } from './radio.ts';

export type StationSettings = Omit<RadioSettings, 'random'>;

export const ESP32_STATION: StationSettings = { tries: ESP32_RADIO.tries, cwMax: CW_MAX, queue: ESP32_QUEUE, aggregate: false };

export interface AirStationParts {
  kernel: Timeline;
  bss: Bss;
  /** Streams of its own, by purpose. */
  random: (purpose: string) => RandomStream;
  /** Takes what arrives at the access point, and at the station. */
  atAccessPoint: AirReceiver;
  atStation: AirReceiver;
}

export class AirStation implements Member {
  readonly radio: Radio;
  dtim = 1;
  private readonly parts: AirStationParts;
  private bss: Bss;
  private readonly up: AirPath;
  private readonly down: AirPath;
  private sleep: ModemSleep | null = null;
  private associated = false;
  /** Before the latest change of channel. */
  private wasLeftBehind = false;

  constructor(parts: AirStationParts, settings: StationSettings = ESP32_STATION) {
    const { bss, random, atAccessPoint, atStation } = parts;
    this.parts = parts;
    this.bss = bss;
    this.radio = new Radio(bss.medium, { ...settings, random: random('backoff') });
    this.up = new AirPath(MCS_7, random('radio-up'), null, {
      arrive: (packet, atUs) => {
        if (!this.sleep?.hear(packet, atUs)) atAccessPoint.arrive(packet, atUs);
      },
      lose: (packet, why) => {
        if (!this.sleep?.miss(packet)) atAccessPoint.lose(packet, why);
      },
    });
    this.down = new AirPath(MCS_7, random('radio-down'), this.radio, {
      arrive: (packet, atUs) => {
        this.sleep?.stir(atUs);
        atStation.arrive(packet, atUs);
      },
      lose: (packet, why) => atStation.lose(packet, why),
    });
    this.join(bss);
  }

  /** @param bytes of the IP packet */
  sendUp(packet: unknown, bytes: number): void {
    this.radio.send(this.up, packet, bytes);
  }

  /** @param bytes of the IP packet */
  sendDown(packet: unknown, bytes: number): void {
    const fate = this.sleep?.hold(packet, bytes) ?? 'sent';
    if (fate === 'sent') this.bss.radio.send(this.down, packet, bytes);
    else if (fate === 'full') this.parts.atStation.lose(packet, 'queue full');
  }

  /**
   * How well the two hear each other from now on. @param errorRate share of frames that do not arrive, 0 to
   * below 1
   */
  setSignal(rate: PhyRate, errorRate: number): void {
    for (const path of [this.up, this.down]) {
      path.rate = rate;
      path.errorRate = errorRate;
    }
  }

  /** @param dtim which beacons announce held frames, from 1 on; 0: it never sleeps */
  setModemSleep(dtim: number): void {
    this.dtim = Math.max(1, dtim);
    if (dtim === 0) this.wakeForGood();
    else if (this.sleep === null) {
      this.sleep = this.sleeping();
      if (this.associated) this.associate();
    }
  }

  /** It is associated, and awake. */
  associate(): void {
    this.associated = true;
    this.sleep?.stir(this.parts.kernel.nowUs);
  }

  /** It is not associated any more: what waits for it and in it is forgotten. */
  leave(): void {
    this.associated = false;
    this.radio.clear(this.up);
    this.forgetDown();
  }

  /** Belongs to another access point from now on, with which it is not associated yet. */
  moveTo(bss: Bss): void {
    const { radio } = this;
    const isThere = bss.medium === radio.channel && !radio.isMuted;
    if (bss === this.bss && isThere) return;
    this.leave();
    this.bss.remove(this);
    if (!isThere) radio.tune(bss.medium);
    this.join(bss);
  }

  pause(): void {
    if (this.associated && !this.isLeftBehind) this.radio.mute();
  }

  /** One that is associated and has not heard of it stays where it is, and nobody acknowledges it there. */
  onChannel(announced: boolean): void {
    const { bss, radio } = this;
    if (!this.associated || (announced && !this.wasLeftBehind)) radio.tune(bss.medium);
    else if (this.isLeftBehind) this.forgetDown();
    this.wasLeftBehind = this.isLeftBehind;
    this.up.silent = !bss.on || this.isLeftBehind;
  }

  /** It does not hear the other from now on; both have just begun. */
  deafen(other: AirStation): void {
    this.radio.deafen(other.radio);
  }

  /** It and a radio of somebody else's do not hear each other from now on; that one has just begun. */
  deafenTo(other: Radio): void {
    this.radio.deafen(other);
    other.deafen(this.radio);
  }

  /**
   * Its access point was switched on or off: without one nobody acknowledges, and each frame is tried in
   * vain.
   */
  onPower(on: boolean): void {
    this.up.silent = !on || this.isLeftBehind;
    if (!on) this.forgetDown();
  }

  onDtim(untilUs: number): void {
    this.sleep?.onDtim(untilUs);
  }

  /** Its access point is on another channel. */
  private get isLeftBehind(): boolean {
    return this.bss.medium !== this.radio.channel;
  }

  private join(bss: Bss): void {
    this.bss = bss;
    this.wasLeftBehind = false;
    this.radio.meter = bss.radio.meter;
    this.up.silent = !bss.on;
    bss.add(this);
  }

  private forgetDown(): void {
    this.sleep?.reset();
    this.bss.radio.clear(this.down);
  }

  private sleeping(): ModemSleep {
    return new ModemSleep({
      kernel: this.parts.kernel,
      sendNull: (frame) => this.radio.send(this.up, frame, NULL_FRAME_BYTES - MAC_OVERHEAD_BYTES),
      release: (packet, bytes) => this.bss.radio.send(this.down, packet, bytes),
      announce: () => this.bss.announce(this),
    });
  }

  private wakeForGood(): void {
    this.sleep?.wake();
    this.sleep = null;
  }
}
