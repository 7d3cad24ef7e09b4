/**
 * A link that dies for good under the steady traffic: how long after the first message that is lost the
 * client's stack reports ETIMEDOUT.
 */
import { connectAll, MESSAGE_INTERVAL_MS } from './conversation.ts';
import { type Conditions, Path } from './path.ts';

const SETTLE_MS = 30_000;
/** Above the 924.6 s and a last backed-off timeout of tcp_retries2 15. */
const PATIENCE_MS = 1_200_000;

export async function halfOpen(conditions: Conditions, seed: number, connections: number): Promise<number[]> {
  const path = new Path(conditions, seed);
  const phases = path.random('phases');
  const conversations = await connectAll(path, connections);
  for (const conversation of conversations) conversation.talk(PATIENCE_MS, phases.next() * MESSAGE_INTERVAL_MS);
  await path.run(path.nowMs + SETTLE_MS);
  path.cut = true;
  await path.run(path.nowMs + PATIENCE_MS);
  const times: number[] = [];
  for (const { exchanges, failedAtMs } of conversations) {
    const lost = exchanges.find(({ deliveredAtMs }) => Number.isNaN(deliveredAtMs));
    if (lost && !Number.isNaN(failedAtMs)) times.push(failedAtMs - lost.sentAtMs);
  }
  return times;
}
