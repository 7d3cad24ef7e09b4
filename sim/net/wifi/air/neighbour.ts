/**
 * Somebody else's network on the channel: bursts of long packets that take a share of the air, and contend
 * for it as everybody does.
 *
 * Bursts begin at random times (Poisson); the packets of one go together in an A-MPDU at the fastest rate.
 * Not modelled: traffic that gives way when the air is full, as TCP's does; here it waits, and what finds its
 * queue full is lost.
 */

import type { Handler } from '../../../kernel/queue.ts';
import type { RandomStream } from '../../../kernel/random.ts';
import type { Timeline } from '../../../kernel/timeline.ts';
import { ACCESS_POINT_TRIES } from '../../rules/mac-retries.ts';
import { AirPath } from './air-path.ts';
import { CW_MAX } from './edca.ts';
import type { Medium } from './medium.ts';
import { MCS_7 } from './phy.ts';
import { frameBytes, Radio } from './radio.ts';

const PACKET_BYTES = 1500;
const QUEUE = { listPackets: 1000, waitingPackets: 0, quantumBytes: 1, lifetimeUs: Number.POSITIVE_INFINITY };

export class Neighbour implements Handler {
  readonly radio: Radio;
  private readonly kernel: Timeline;
  private readonly random: RandomStream;
  private readonly path: AirPath;
  private readonly burst: number;
  /** Air that a burst takes, its acknowledgement included, µs. */
  private readonly burstUs: number;
  private share = 0;
  private generation = 0;

  /**
   * Is silent until it is given a share. @param random streams of its own, by purpose @param burst packets
   * that come together, 1 to 42
   */
  constructor(kernel: Timeline, medium: Medium, random: (purpose: string) => RandomStream, burst: number) {
    this.kernel = kernel;
    this.random = random('traffic');
    this.burst = burst;
    this.radio = new Radio(medium, {
      tries: ACCESS_POINT_TRIES,
      cwMax: CW_MAX,
      random: random('backoff'),
      queue: QUEUE,
      aggregate: burst > 1,
    });
    this.path = new AirPath(MCS_7, random('radio'), null, { arrive() {}, lose() {} });
    this.burstUs = MCS_7.airUs(frameBytes(PACKET_BYTES, burst)) + (burst > 1 ? MCS_7.blockAckUs : MCS_7.ackUs);
  }

  /** @param share of the air that it takes from now on, 0 to below 1 */
  setShare(share: number): void {
    this.share = share;
    this.generation++;
    if (share > 0) this.wait();
  }

  onEvent(generation: unknown): void {
    if (generation !== this.generation) return;
    for (let index = 0; index < this.burst; index++) this.radio.send(this.path, null, PACKET_BYTES);
    this.wait();
  }

  private wait(): void {
    const gapUs = (-Math.log(1 - this.random.next()) * this.burstUs) / this.share;
    this.kernel.schedule(this.kernel.nowUs + Math.round(gapUs), this, this.generation);
  }
}
