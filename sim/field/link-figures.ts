/**
 * From the round trips of a relay's pings to the delay, its spread and the loss of a link.
 *
 * Delay: half of the median, each way. Spread: the simulated delay varies evenly by ± j each way, so a round trip varies by a triangle of ± 2j, whose lower quartile
 * lies (2 − √2) · j below the median; the upper one is the losses' as well. Loss: a ping that was lost comes again after TCP's retransmission timeout, which is the round trip and at least 200 ms (Linux, TCP_RTO_MIN;
 * RFC 6298 asks for more), a lost pong after lwIP's 1 to 1.5 s, so a pong later than the median by 200 ms has lost one packet of two: s = 1 − (1 − p)².
 * The device's own time counts as delay, and its pauses as losses: the figures are the worst link that fits.
 */

export interface LinkFigures {
  latencyMs: number;
  jitterMs: number;
  lossRate: number;
  pings: number;
}

/** Fewer make one late pong a loss of 3 % and more. */
export const MIN_PINGS = 20;

/** Linux: TCP_RTO_MIN, ms. */
const LEAST_RETRANSMISSION_MS = 200;
/** From the lower quartile to the median, so many times above the median: the triangle's upper end is at 3.4, what is beyond 7 is not the spread's (Tukey's far fence). */
const FAR_FENCE = 7;
const QUARTILE_PER_JITTER = 2 - Math.SQRT2;
/** What is shown and played; more digits would be luck. */
const DIGITS = 3;
const LOSS_STEPS = 1_000;

/** null: too few pings to say. */
export function linkFigures(rttsMs: readonly number[]): LinkFigures | null {
  const pings = rttsMs.length;
  if (pings < MIN_PINGS) return null;
  const sorted = Float64Array.from(rttsMs).sort();
  const [low, median] = [0.25, 0.5].map((share) => sorted[Math.floor(share * (pings - 1))]);
  const lateMs = Math.max(median + LEAST_RETRANSMISSION_MS, median + FAR_FENCE * (median - low));
  const late = sorted.filter((rttMs) => rttMs >= lateMs).length;
  const latencyMs = rounded(median / 2);
  return {
    latencyMs,
    // A delay is never negative, so a spread wider than the delay would only raise its mean.
    jitterMs: Math.min(latencyMs, rounded((median - low) / QUARTILE_PER_JITTER)),
    lossRate: Math.round((1 - Math.sqrt(1 - late / pings)) * LOSS_STEPS) / LOSS_STEPS,
    pings,
  };
}

/** To three digits, and to the microsecond at most. */
function rounded(ms: number): number {
  return Math.round(Number(ms.toPrecision(DIGITS)) * 1_000) / 1_000;
}
