/** A channel for tests: radios whose back-offs are given, and a record of what arrives and what does not. */
import { Kernel } from '../../../../kernel/kernel.ts';
import type { RandomStream } from '../../../../kernel/random.ts';
import { AirPath, type AirReceiver } from '../air-path.ts';
import { CW_MAX } from '../edca.ts';
import { Medium } from '../medium.ts';
import { MCS_7, type PhyRate } from '../phy.ts';
import { plainQueue } from '../queues.ts';
import { Radio, type RadioSettings } from '../radio.ts';

/** What became of one packet: when its frame arrived, or why it did not. */
export type Fate = readonly [packet: unknown, fate: number | string];

/** Draws these shares one after another, and the last one for ever. */
export function scripted(...shares: number[]): RandomStream {
  let index = 0;
  return { next: () => shares[Math.min(index++, shares.length - 1)] } as RandomStream;
}

/** Back-offs of so many slots, as long as the window is the smallest. */
export function slots(...counts: number[]): RandomStream {
  return scripted(...counts.map((count) => (count + 0.5) / 16));
}

export class Air {
  readonly kernel = new Kernel();
  readonly medium = new Medium(this.kernel);
  readonly fates: Fate[] = [];
  readonly receiver: AirReceiver = {
    arrive: (packet, atUs) => this.fates.push([packet, atUs]),
    lose: (packet, why) => this.fates.push([packet, why]),
  };

  radio(random: RandomStream, settings: Partial<RadioSettings> = {}): Radio {
    return new Radio(this.medium, { tries: 7, cwMax: CW_MAX, queue: plainQueue(100), aggregate: false, random, ...settings });
  }

  path(rate: PhyRate = MCS_7, random: RandomStream = scripted(0)): AirPath {
    return new AirPath(rate, random, null, this.receiver);
  }

  /** A path of this radio's own, on which `send(us, packet, bytes)` sends. */
  sender(radio: Radio, path = this.path()): (atUs: number, packet: unknown, bytes?: number) => void {
    return (atUs, packet, bytes = 90) => this.at(atUs, () => radio.send(path, packet, bytes));
  }

  at(atUs: number, action: () => void): void {
    this.kernel.schedule(atUs, { onEvent: action }, null);
  }

  run(untilUs = 1_000_000): Promise<void> {
    return this.kernel.run(untilUs);
  }
}
