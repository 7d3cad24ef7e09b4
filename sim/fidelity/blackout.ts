/**
 * A blackout under the steady traffic: both ways lose everything for a while. How long after its end the
 * first byte that was queued in it arrives, and when the segment that was written first in it was sent again.
 */
import { type Conversation, connectAll, MESSAGE_INTERVAL_MS } from './conversation.ts';
import { type Conditions, Path } from './path.ts';
import { CONNECTIONS } from './steady.ts';

/**
 * From connecting to the blackout where nobody says otherwise: enough samples for the RTO to have settled.
 */
export const SETTLE_MS = 30_000;
/**
 * A backed-off retransmission comes at the latest when the blackout has lasted as long again, and its gap is
 * at most this.
 */
const LONGEST_GAP_MS = 130_000;

export interface BlackoutSamples {
  /** From the end of the blackout to the delivery of the first message that was written in it, ms. */
  lagMs: number[];
  /** By number of the retransmission, from 0: time since the transmission before it, ms. */
  gapsMs: number[][];
}

/** Of one segment. */
interface Transmissions {
  seq: number;
  atMs: number[];
}

export function noBlackoutSamples(): BlackoutSamples {
  return { lagMs: [], gapsMs: [] };
}

/**
 * Adds what one seed gives to `samples`.
 * @param settleMs from connecting to the beginning of the blackout, exactly: with each message in it the RTO
 *   comes down from the handshake's estimate
 */
export async function blackout(
  conditions: Conditions,
  seed: number,
  blackoutMs: number,
  samples: BlackoutSamples,
  settleMs = SETTLE_MS,
): Promise<void> {
  const path = new Path(conditions, seed);
  const phases = path.random('phases');
  const conversations = await connectAll(path, CONNECTIONS);
  const startMs = path.nowMs + settleMs;
  const endMs = startMs + blackoutMs;
  const transmissions = watchTransmissions(path, startMs, endMs);
  conversations.forEach((conversation, index) => {
    // Spread evenly over the interval: a lag depends on the phase more than on anything else, and so its mean
    // needs fewer seeds.
    conversation.talk(endMs - path.nowMs, ((index + phases.next()) / CONNECTIONS) * MESSAGE_INTERVAL_MS);
  });
  await path.run(startMs);
  path.cut = true;
  await path.run(endMs);
  path.cut = false;
  await path.run(endMs + blackoutMs + LONGEST_GAP_MS);
  for (const conversation of conversations) collectLag(conversation, startMs, endMs, samples);
  for (const times of transmissions.values()) collectGaps(times, samples);
}

/** By flow: when the first segment that it wrote in the blackout was sent, while the blackout lasts. */
function watchTransmissions(path: Path, startMs: number, endMs: number): Map<number, Transmissions> {
  const watched = new Map<number, Transmissions>();
  const nextBefore = new Map<number, number>();
  path.onClientPacket = ({ flow, seq, data }) => {
    if (data.length === 0 || path.nowMs >= endMs) return;
    const seen = watched.get(flow);
    if (seen?.seq === seq) seen.atMs.push(path.nowMs);
    else if (path.nowMs < startMs) nextBefore.set(flow, Math.max(nextBefore.get(flow) ?? 0, seq + data.length));
    else if (!seen && seq >= (nextBefore.get(flow) ?? 0)) watched.set(flow, { seq, atMs: [path.nowMs] });
  };
  return watched;
}

function collectLag({ exchanges }: Conversation, startMs: number, endMs: number, samples: BlackoutSamples): void {
  const queued = exchanges.find(({ sentAtMs }) => sentAtMs >= startMs);
  if (queued && queued.deliveredAtMs > endMs) samples.lagMs.push(queued.deliveredAtMs - endMs);
}

function collectGaps({ atMs }: Transmissions, samples: BlackoutSamples): void {
  for (let index = 1; index < atMs.length; index++) {
    samples.gapsMs[index - 1] ??= [];
    samples.gapsMs[index - 1].push(atMs[index] - atMs[index - 1]);
  }
}
