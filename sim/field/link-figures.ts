/**
 * From the round trips of a relay's pings to the delay, its spread and the loss of a link.
 *
 * Late is a pong that something was lost for: Linux sends again after the round trip and at least 200 ms
 * (TCP_RTO_MIN; RFC 6298 asks for more), lwIP after 1 to 1.5 s. Delay: half of the median of the others, each
 * way. Spread: the simulated delay varies evenly by ± j each way, so a round trip varies by a triangle of ±
 * 2j, whose lower quartile lies (2 − √2) · j below the median. Loss p: the share of late pongs is 1 − (1 −
 * p)^k for a ping that k packets decide about: itself, its pong, and those shortly before it, since TCP
 * delivers in order. The device's own time counts as delay, and its pauses as losses: it is the worst link
 * that fits.
 */

import type { LossTally } from './packets/loss-tally.ts';

export interface LinkFigures {
  latencyMs: number;
  jitterMs: number;
  lossRate: number;
  /** Round trips that the delay is from. */
  roundTrips: number;
  /** What the loss is from: as many pings, or packets. */
  trials: number;
}

/** Fewer say nothing about a delay, */
export const MIN_PINGS = 20;
/** and fewer nothing about a loss: of 100 a single late one is half a percent. */
export const MIN_LOSS_TRIALS = 100;

/** Linux: TCP_RTO_MIN, ms. */
const LEAST_RETRANSMISSION_MS = 200;
/**
 * The triangle's upper end lies 6 times as far above its first tenth as its lower quartile does. Farther out,
 * it is not the spread.
 */
const FAR_FENCE = 8;
const QUARTILE_PER_JITTER = 2 - Math.SQRT2;
/** A ping and its pong. */
const OWN_PACKETS = 2;
/**
 * How long a lost packet holds up what was sent after it, s: in the simulator, 10 boards at 10 % loss come
 * out at 10 % with it.
 */
const HELD_UP_S = 0.8;
/** What is shown and played; more digits would be luck. */
const DIGITS = 3;
const LOSS_STEPS = 1_000;

/**
 * @param packetsPerS that pass the link besides the pings
 * @param losses of packets that were captured; null: late pongs are all there is to tell of losses
 * @returns null: too few pings to say
 */
export function linkFigures(rttsMs: readonly number[], packetsPerS: number, losses: LossTally | null): LinkFigures | null {
  const roundTrips = rttsMs.length;
  if (roundTrips < MIN_PINGS) return null;
  const sorted = Float64Array.from(rttsMs).sort();
  const lowest = sampleAt(sorted, 0.1);
  const lateMs = lowest + Math.max(LEAST_RETRANSMISSION_MS, FAR_FENCE * (sampleAt(sorted, 0.25) - lowest));
  const inTime = sorted.filter((rttMs) => rttMs < lateMs);
  const median = sampleAt(inTime, 0.5);
  const latencyMs = rounded(median / 2);
  const deciding = OWN_PACKETS + HELD_UP_S * packetsPerS;
  const lossRate = losses === null ? 1 - (inTime.length / roundTrips) ** (1 / deciding) : losses.lossRate();
  return {
    latencyMs,
    // A delay is never negative, so a spread wider than the delay would only raise its mean.
    jitterMs: Math.min(latencyMs, rounded((median - sampleAt(inTime, 0.25)) / QUARTILE_PER_JITTER)),
    lossRate: Math.round(lossRate * LOSS_STEPS) / LOSS_STEPS,
    roundTrips,
    trials: losses === null ? roundTrips : losses.count,
  };
}

/** No interpolation: what was measured. @param sorted not empty */
function sampleAt(sorted: Float64Array, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))];
}

/** To three digits, and to the microsecond at most. */
function rounded(ms: number): number {
  return Math.round(Number(ms.toPrecision(DIGITS)) * 1_000) / 1_000;
}
