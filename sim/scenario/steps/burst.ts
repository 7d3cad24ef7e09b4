/** What steps that send many messages at once have in common: how many of what size. */
import type { Draw } from '../../kernel/draw.ts';
import { whole } from '../../kernel/fields.ts';
import type { Parameters } from './action.ts';

/** Ten times the largest outbox. */
const MAX_MESSAGES = 10_000;
/** The firmware's own limit for a message (firmware/websocket/client.ts), and the relay's. */
const MAX_BYTES = 65_536;
const DEFAULT_MESSAGES = 100;
const DEFAULT_BYTES = 100;
/** A fleet that all broadcasts so much keeps a relay busy, and a fuzzed run short. */
const MAX_FUZZED_MESSAGES = 100;
const MAX_FUZZED_BYTES = 4_096;

export const BURST_PARAMETERS = { messages: whole(1, MAX_MESSAGES), size: whole(1, MAX_BYTES) };

export function burstOf({ messages = DEFAULT_MESSAGES, size = DEFAULT_BYTES }: Parameters): { messages: number; size: number } {
  return { messages: messages as number, size: size as number };
}

export function describeBurst(parameters: Parameters): string {
  const { messages, size } = burstOf(parameters);
  return `${messages} messages of ${size} bytes at once`;
}

export function drawBurst(draw: Draw): Record<string, unknown> {
  return { messages: draw.magnitude(1, MAX_FUZZED_MESSAGES), size: draw.magnitude(1, MAX_FUZZED_BYTES) };
}
