/**
 * The time of a capture, ms from its first packet, which only goes on: packets that were written out of order
 * come at once, and a clock that was set is taken for what it is.
 */

/** Packets of several queues of a network card are out of order by less, ms; */
const SET_BACK_MS = 1_000;
/** a capture pauses less long, ms: a day. */
const SET_FORWARD_MS = 86_400_000;
const US_PER_MS = 1_000;

export class TimeLine {
  /** ms since 1970; null: there was no packet. */
  epochMs: number | null = null;
  nowMs = 0;
  /** How often the clock was set. */
  jumps = 0;
  /** Of what the clock shows, where time began. */
  private originMs = 0;

  at(epochUs: number): number {
    const clockMs = epochUs / US_PER_MS;
    if (this.epochMs === null) {
      this.epochMs = clockMs;
      this.originMs = clockMs;
    }
    const stepMs = clockMs - this.originMs - this.nowMs;
    if (stepMs < -SET_BACK_MS || stepMs > SET_FORWARD_MS) {
      this.originMs += stepMs;
      this.jumps++;
    } else this.nowMs += Math.max(0, stepMs);
    return this.nowMs;
  }
}
