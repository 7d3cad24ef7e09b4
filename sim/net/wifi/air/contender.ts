/**
 * A radio's part in the contention for the air (EDCA, IEEE 802.11-2020 clause 10.23.2): its back-off, its
 * window, its tries.
 *
 * A back-off runs after every frame, also with nothing to send (post-back-off): a frame that comes when it
 * has ended and the air is idle goes at the next slot boundary; one that finds the air busy draws. What is
 * sent, and to whom, is left to who extends this.
 */
import type { RandomStream } from '../../../kernel/random.ts';
import type { CarrierSense } from './carrier-sense.ts';
import * as edca from './edca.ts';
import * as phy from './phy.ts';
import { Transmitter } from './transmitter.ts';

/** Constants of this module's own: they are read at every look at the air. */
const { AIFS_US, CW_MIN, slotBoundary, slotsCounted } = edca;
const { SLOT_US } = phy;

/** Its access waits for its back-off rather than for a moment. */
const BY_BACKOFF = -1;

export interface ContenderSettings {
  /** Tries per frame, at least 1. */
  tries: number;
  /** The largest contention window, slots: a power of two less one. */
  cwMax: number;
  /** A stream of its own, for back-offs alone. */
  random: RandomStream;
}

export abstract class Contender extends Transmitter {
  /** Frames put on the air, and those of them that were not acknowledged. */
  attempts = 0;
  failures = 0;
  /** Of the failures: met another frame; were tried again. */
  collisions = 0;
  retries = 0;
  /** How long it waits for the acknowledgement of its frame, µs. */
  protected timeoutUs = 0;
  private readonly tries: number;
  private readonly cwMax: number;
  private readonly random: RandomStream;
  private window = CW_MIN;
  private failedTries = 0;
  /** On the clock of idle slots (CarrierSense.slots). */
  private backoffEnd = 0;
  private startUs = BY_BACKOFF;
  /**
   * How much later than for others its AIFS begins, µs: it waited for an acknowledgement. Below 0 where
   * others heed a reservation that is its own.
   */
  private lateUs = 0;

  constructor(carrier: CarrierSense<Transmitter>, { tries, cwMax, random }: ContenderSettings) {
    super(carrier);
    this.tries = tries;
    this.cwMax = cwMax;
    this.random = random;
  }

  get accessUs(): number {
    if (this.onAir) return Number.POSITIVE_INFINITY;
    return this.startUs === BY_BACKOFF ? this.backoffEndUs : this.startUs;
  }

  request(nowUs: number): void {
    const { carrier } = this;
    this.startUs = BY_BACKOFF;
    this.lateUs = 0;
    if (this.backoffEnd > carrier.slots && this.backoffEndUs > nowUs) return; // the back-off of its last frame still runs
    if (nowUs < carrier.idleUs) this.draw();
    else this.startUs = slotBoundary(carrier.idleUs + AIFS_US, nowUs);
  }

  defer(sinceUs: number): void {
    const { carrier } = this;
    if (this.startUs !== BY_BACKOFF) {
      this.startUs = BY_BACKOFF;
      this.draw();
    } else if (this.lateUs !== 0) {
      const left = this.backoffEnd - (carrier.slots - carrier.passed);
      const counted = slotsCounted(carrier.wasIdleUs + this.lateUs + AIFS_US, sinceUs);
      this.backoffEnd = carrier.slots + Math.max(0, left - counted);
      this.lateUs = 0;
    }
  }

  begin(): void {
    this.sinceUs = this.accessUs;
    this.onAir = true;
    this.collided = false;
    this.prepare();
  }

  end(): void {
    this.onAir = false;
    this.startUs = BY_BACKOFF;
    this.attempts++;
    if (this.collided) this.collisions++;
    if (this.collided || this.spoiled) this.fail();
    else {
      this.lateUs = 0;
      this.nextFrame();
      this.arrive();
    }
  }

  /**
   * Says of its frame, which begins at `sinceUs`: `untilUs`, `answerUs`, `timeoutUs`, and whether it is
   * spoiled though nothing overlaps it.
   */
  protected abstract prepare(): void;
  /** The frame has arrived. */
  protected abstract arrive(): void;
  /** The frame has failed for the last time. */
  protected abstract giveUp(): void;

  /** What it tries next has not been tried before. */
  protected startOver(): void {
    this.failedTries = 0;
  }

  /** It counts the slots of another channel from now on. */
  protected forgetBackoff(): void {
    this.nextFrame();
    this.backoffEnd = 0;
  }

  private fail(): void {
    const { carrier } = this;
    this.failures++;
    this.lateUs = Math.max(this.untilUs + this.timeoutUs, carrier.energyUs) - carrier.idleUs;
    if (++this.failedTries < this.tries) {
      this.retries++;
      this.window = Math.min(2 * this.window + 1, this.cwMax);
      this.draw();
    } else {
      this.nextFrame();
      this.giveUp();
    }
  }

  private get backoffEndUs(): number {
    const { carrier } = this;
    return carrier.idleUs + this.lateUs + AIFS_US + (this.backoffEnd - carrier.slots) * SLOT_US;
  }

  private nextFrame(): void {
    this.failedTries = 0;
    this.window = CW_MIN;
    this.draw();
  }

  private draw(): void {
    this.backoffEnd = this.carrier.slots + Math.floor(this.random.next() * (this.window + 1));
  }
}
