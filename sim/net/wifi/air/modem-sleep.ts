/**
 * Modem sleep on the air: the access point holds what it has for a station that sleeps until a beacon for
 * which it wakes (DTIM, or of its listen interval) has said so and the station has answered that it is awake;
 * after a while without frames the station says that it sleeps. Both are null frames, which take their air.
 *
 * Source of the times: rules/power-save.ts. Assumed [A], as the driver is closed: null frames rather than
 * PS-Poll. Not modelled: beacons that are missed; what already waits in the access point's queue when a
 * station goes to sleep is sent all the same.
 */

import { LazyTimer } from '../../../kernel/lazy-timer.ts';
import type { Handler } from '../../../kernel/queue.ts';
import type { Timeline } from '../../../kernel/timeline.ts';
import { AWAKE_US, HELD_PACKETS } from '../../rules/power-save.ts';

/** QoS null: header and FCS. */
export const NULL_FRAME_BYTES = 30;
const WAKES = { about: 'null frame of a station that is awake' };
const SLEEPS = { about: 'null frame of a station that goes to sleep' };

export interface SleeperParts {
  kernel: Timeline;
  /** Sends a frame of NULL_FRAME_BYTES to the access point. */
  sendNull: (frame: unknown) => void;
  /** Hands a held packet to the access point's radio. */
  release: (packet: unknown, bytes: number) => void;
  /** Something is held: the station is to be told with the next beacon that is a DTIM. */
  announce: () => void;
}

export class ModemSleep implements Handler {
  private readonly parts: SleeperParts;
  private readonly timer: LazyTimer;
  /** What the access point knows of the station. */
  private asleep = false;
  private readonly held: { packet: unknown; bytes: number }[] = [];

  constructor(parts: SleeperParts) {
    this.parts = parts;
    this.timer = new LazyTimer(parts.kernel, () => parts.sendNull(SLEEPS));
  }

  /**
   * @returns 'sent' when the station is awake and the packet may be sent at once, 'held', or 'full' when no
   *   more can be held
   */
  hold(packet: unknown, bytes: number): 'sent' | 'held' | 'full' {
    if (!this.asleep) return 'sent';
    if (this.held.length >= HELD_PACKETS) return 'full';
    this.held.push({ packet, bytes });
    this.parts.announce();
    return 'held';
  }

  /** A frame went between the two: the station stays awake for a while from then on. */
  stir(atUs: number): void {
    if (!this.asleep) this.timer.arm(atUs + AWAKE_US);
  }

  /**
   * The access point has a frame of the station. @returns whether it is one of those that only say something
   * of its sleep
   */
  hear(packet: unknown, atUs: number): boolean {
    this.asleep = packet === SLEEPS;
    if (this.asleep) this.timer.disarm();
    else {
      this.stir(atUs);
      if (this.held.length > 0) this.release();
    }
    return this.asleep || packet === WAKES;
  }

  /** The access point never got a frame of the station; it tries again later. @returns as `hear` */
  miss(packet: unknown): boolean {
    this.stir(this.parts.kernel.nowUs);
    return packet === SLEEPS || packet === WAKES;
  }

  /** A DTIM that names the station ends then. */
  onDtim(untilUs: number): void {
    this.parts.kernel.schedule(untilUs, this, null);
  }

  onEvent(): void {
    if (this.held.length > 0) this.parts.sendNull(WAKES);
  }

  /** It does not sleep any more: what was held for it goes. */
  wake(): void {
    this.release();
    this.reset();
  }

  /** The station is gone: what was held for it is forgotten, and it is awake when it is back. */
  reset(): void {
    this.asleep = false;
    this.held.length = 0;
    this.timer.disarm();
  }

  private release(): void {
    for (const { packet, bytes } of this.held.splice(0)) this.parts.release(packet, bytes);
  }
}
