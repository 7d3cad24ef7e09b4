/**
 * What one radio, or all that hear the same, knows of the air: until when it is busy, and how many idle slots
 * have gone by.
 *
 * The idle slots of all busy and idle periods together are a clock of its own. A back-off is a reading of
 * that clock, so nobody counts slots one by one: radios that only wait cost nothing while others talk.
 */
import * as edca from './edca.ts';
import * as phy from './phy.ts';

/** Constants of this module's own: they are read at every look at the air. */
const { AIFS_US, slotsCounted } = edca;
const { SIFS_US } = phy;

/** A frame on the air. */
export interface AirFrame {
  /** Begin and end of the frame, µs. */
  readonly sinceUs: number;
  readonly untilUs: number;
  /** Duration of the acknowledgement that is to follow after SIFS, µs; 0 when none is. */
  readonly answerUs: number;
}

export class CarrierSense<T extends AirFrame = AirFrame> {
  /** The air is busy until then, answers and reserved time included, µs. */
  idleUs = 0;
  /** Until when anything is being sent, µs: without the time that is reserved for an answer. */
  energyUs = 0;
  /** Idle slots up to `idleUs`. */
  slots = 0;
  /**
   * Whether the latest frames were heard here; and then, what was before: slots that passed in the idle
   * period they ended, and when that began.
   */
  heard = false;
  passed = 0;
  wasIdleUs = 0;
  /** Whose frames are not heard here; null when everybody's are. */
  hiddenFrom: Set<T> | null = null;

  /**
   * Takes the frames that begin together. Of several at a time only noise is heard; of one, also for how long
   * an answer has the air reserved (NAV).
   */
  hear(frames: readonly T[]): void {
    let sinceUs = Number.POSITIVE_INFINITY;
    let untilUs = this.energyUs;
    let count = 0;
    let answerUs = 0;
    for (const frame of frames) {
      if (this.hiddenFrom?.has(frame)) continue;
      count++;
      sinceUs = Math.min(sinceUs, frame.sinceUs);
      untilUs = Math.max(untilUs, frame.untilUs);
      answerUs = frame.answerUs;
    }
    this.heard = count > 0;
    if (count === 0) return;
    const overlapped = count > 1 || sinceUs < this.energyUs;
    this.occupy(sinceUs, untilUs, overlapped || answerUs === 0 ? untilUs : untilUs + SIFS_US + answerUs, overlapped);
  }

  /** The same of one frame that everybody hears. */
  hearOne({ sinceUs, untilUs, answerUs }: T): void {
    const overlapped = sinceUs < this.energyUs;
    this.heard = true;
    this.occupy(sinceUs, untilUs, overlapped || answerUs === 0 ? untilUs : untilUs + SIFS_US + answerUs, overlapped);
  }

  /** What one radio knows until now, for it alone from now on. */
  split(): CarrierSense<T> {
    const own = new CarrierSense<T>();
    own.idleUs = this.idleUs;
    own.energyUs = this.energyUs;
    own.slots = this.slots;
    own.hiddenFrom = new Set();
    return own;
  }

  /** Takes an answer for which the air is not reserved here already. @param from null: everybody hears it */
  hearAnswer(from: T | null, sinceUs: number, untilUs: number): void {
    this.heard = untilUs > this.idleUs && !(from !== null && this.hiddenFrom?.has(from));
    if (this.heard) this.occupy(sinceUs, untilUs, untilUs, false);
  }

  private occupy(sinceUs: number, energyUs: number, idleUs: number, overlapped: boolean): void {
    this.wasIdleUs = this.idleUs;
    this.passed = slotsCounted(this.idleUs + AIFS_US, sinceUs);
    this.slots += this.passed;
    this.energyUs = Math.max(this.energyUs, energyUs);
    // What overlaps spoils the frame before it, and with it the reservation.
    this.idleUs = overlapped ? this.energyUs : Math.max(this.idleUs, idleUs);
  }
}
