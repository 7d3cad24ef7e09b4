/**
 * A station on the air, as a link sees it: what it sends goes to its access point, what the access point has for it comes down, each on its way by the radio of
 * who sends it.
 *
 * What is on the air arrives even when the station has gone meanwhile: whoever takes it must know.
 */
import type { Kernel } from '../../../kernel/kernel.ts';
import type { RandomStream } from '../../../kernel/random.ts';
import { ESP32_TRIES } from '../../rules/mac-retries.ts';
import { AirPath, type AirReceiver } from './air-path.ts';
import type { Bss, Sleeper } from './bss.ts';
import { CW_MAX } from './edca.ts';
import { ModemSleep, NULL_FRAME_BYTES } from './modem-sleep.ts';
import { MAC_OVERHEAD_BYTES, MCS_7, type PhyRate } from './phy.ts';
import { ESP32_QUEUE } from './queues.ts';
import { Radio, type RadioSettings } from './radio.ts';

export type StationSettings = Omit<RadioSettings, 'random'>;

export const ESP32_STATION: StationSettings = { tries: ESP32_TRIES, cwMax: CW_MAX, queue: ESP32_QUEUE, aggregate: false };

export interface AirStationParts {
  kernel: Kernel;
  bss: Bss;
  /** Streams of its own, by purpose. */
  random: (purpose: string) => RandomStream;
  /** Takes what arrives at the access point, and at the station. */
  atAccessPoint: AirReceiver;
  atStation: AirReceiver;
}

export class AirStation implements Sleeper {
  readonly radio: Radio;
  dtim = 1;
  private readonly parts: AirStationParts;
  private bss: Bss;
  private readonly up: AirPath;
  private readonly down: AirPath;
  private sleep: ModemSleep | null = null;

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

  /** How well the two hear each other from now on. @param errorRate share of frames that do not arrive, 0 to below 1 */
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
    else this.sleep ??= this.sleeping();
  }

  /** It is gone, or its access point is: what waits for it and from it is forgotten. */
  leave(): void {
    this.sleep?.reset();
    this.radio.clear(this.up);
    this.bss.radio.clear(this.down);
  }

  /** Belongs to another access point from now on. */
  moveTo(bss: Bss): void {
    this.leave();
    if (bss.medium !== this.bss.medium) this.radio.tune(bss.medium);
    this.bss = bss;
  }

  onDtim(untilUs: number): void {
    this.sleep?.onDtim(untilUs);
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
