/** The boards' apps send many messages at once: what a bounded outbox, the link and the relay make of it. */
import { whole } from '../../kernel/fields.ts';
import { type Action, nothingToUndo, type Parameters } from './action.ts';

/** Ten times the largest outbox. */
const MAX_MESSAGES = 10_000;
/** The firmware's own limit (firmware/websocket/client.ts). */
const MAX_BYTES = 65_536;
const DEFAULT_MESSAGES = 100;
const DEFAULT_BYTES = 100;

export const boardBurst: Action = {
  action: 'board.burst',
  about: 'The boards’ apps send `messages:` (100) of `size:` (100) bytes, one right after the other.',
  targeted: true,
  lasts: 'never',
  parameters: { messages: whole(1, MAX_MESSAGES), size: whole(1, MAX_BYTES) },
  describe: (parameters) => {
    const { messages, size } = valuesOf(parameters);
    return `the app sends ${messages} messages of ${size} bytes at once`;
  },
  apply: (faults, boards, parameters) => {
    const { messages, size } = valuesOf(parameters);
    for (const board of boards) faults.burst(board, messages, size);
    return nothingToUndo;
  },
};

function valuesOf({ messages = DEFAULT_MESSAGES, size = DEFAULT_BYTES }: Parameters): { messages: number; size: number } {
  return { messages: messages as number, size: size as number };
}
