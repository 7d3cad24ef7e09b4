/** Steady traffic over a lossy path: 30 connections for two minutes, as measured, once per seed. */
import { type Conversation, connectAll, MESSAGE_INTERVAL_MS } from './conversation.ts';
import { type Conditions, Path } from './path.ts';

export const CONNECTIONS = 30;
export const DURATION_MS = 120_000;
/** What is still on its way at the end has this long to arrive, as in the measurement. */
const DRAIN_MS = 60_000;

export interface SteadySamples {
  /** From the client's write to the server's read, ms. */
  oneWayMs: number[];
  /** From the server's write of a reply to the client's read, ms. */
  returnMs: number[];
  /** From the client's write to its read of the reply, ms. */
  appRttMs: number[];
  connectMs: number[];
  messages: number;
  clientRetransmits: number;
}

export function noSamples(): SteadySamples {
  return { oneWayMs: [], returnMs: [], appRttMs: [], connectMs: [], messages: 0, clientRetransmits: 0 };
}

/** Adds what one seed gives to `samples`. */
export async function steady(conditions: Conditions, seed: number, durationMs: number, samples: SteadySamples): Promise<void> {
  const path = new Path(conditions, seed);
  const phases = path.random('phases');
  const conversations = await connectAll(path, CONNECTIONS);
  for (const conversation of conversations) conversation.talk(durationMs, phases.next() * MESSAGE_INTERVAL_MS);
  await path.run(path.nowMs + durationMs + DRAIN_MS);
  samples.clientRetransmits += path.clientCounters.retransmits;
  for (const conversation of conversations) collect(conversation, samples);
}

function collect({ connectMs, exchanges }: Conversation, samples: SteadySamples): void {
  if (!Number.isNaN(connectMs)) samples.connectMs.push(connectMs);
  samples.messages += exchanges.length;
  for (const { sentAtMs, deliveredAtMs, repliedAtMs } of exchanges) {
    if (Number.isNaN(deliveredAtMs)) continue;
    samples.oneWayMs.push(deliveredAtMs - sentAtMs);
    if (Number.isNaN(repliedAtMs)) continue;
    samples.returnMs.push(repliedAtMs - deliveredAtMs);
    samples.appRttMs.push(repliedAtMs - sentAtMs);
  }
}
