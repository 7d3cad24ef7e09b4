/** Whatever puts frames on the air of a medium: what the medium asks of it, and the frame it sends. */
import type { AirFrame, CarrierSense } from './carrier-sense.ts';

/** Its place when it is not among those that contend. */
export const NOWHERE = -1;

export abstract class Transmitter implements AirFrame {
  carrier: CarrierSense<Transmitter>;
  /**
   * The frame on the air: begin and end, µs; how long its answer takes, µs, 0 when nobody answers; and
   * whether it does not arrive.
   */
  sinceUs = 0;
  untilUs = 0;
  answerUs = 0;
  spoiled = false;
  /** It overlaps another one where it is to be received. */
  collided = false;
  /** Whose frame it is; null: of somebody who hears everybody. */
  to: Transmitter | null = null;
  /** From the begin of its frame until its fate is known. */
  onAir = false;
  /** Among those that contend; the medium's. */
  place = NOWHERE;

  constructor(carrier: CarrierSense<Transmitter>) {
    this.carrier = carrier;
  }

  /** Whether it has a frame to send. */
  abstract readonly pending: boolean;
  /** When it puts that on the air if nobody does before, µs. */
  abstract readonly accessUs: number;
  /** It has just become pending. */
  abstract request(nowUs: number): void;
  /** Puts its frame on the air: sets what that is. */
  abstract begin(): void;
  /** Others began to send at `sinceUs`, its carrier has heard them, and it waits. */
  abstract defer(sinceUs: number): void;
  /** The fate of its frame, which its carrier has taken in. */
  abstract end(): void;
}
