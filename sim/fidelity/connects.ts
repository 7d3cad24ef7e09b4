/**
 * TCP handshakes on a lossy path, all at once: how long each takes. Those that fail are left out, as in the
 * measurement (it had none).
 */
import { converse } from './conversation.ts';
import { type Conditions, Path } from './path.ts';

/** Longer than the last SYN's patience: 131 s linear, 127 s classic. */
const PATIENCE_MS = 140_000;

export async function connects(conditions: Conditions, seed: number, attempts: number): Promise<number[]> {
  const path = new Path({ ...conditions, handshake: 'lossy' }, seed);
  const conversations = converse(path, attempts);
  await path.run(PATIENCE_MS);
  return conversations.map(({ connectMs }) => connectMs).filter((ms) => !Number.isNaN(ms));
}
