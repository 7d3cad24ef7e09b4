/** Another client of the relay, on its own network, sends many messages at once: what it makes of every board. */
import { whole } from '../../kernel/fields.ts';
import { type Action, nothingToUndo, type Parameters } from './action.ts';

const MAX_MESSAGES = 10_000;
/** The relay's own limit for a message. */
const MAX_BYTES = 65_536;
const DEFAULT_MESSAGES = 100;
const DEFAULT_BYTES = 100;

export const clientBurst: Action = {
  action: 'client.burst',
  about:
    'A client on the relay’s own network sends `messages:` (100) of `size:` (100) bytes at once; in broadcast mode every board gets each.',
  targeted: false,
  lasts: 'never',
  parameters: { messages: whole(1, MAX_MESSAGES), size: whole(1, MAX_BYTES) },
  describe: (parameters) => {
    const { messages, size } = valuesOf(parameters);
    return `a client sends ${messages} messages of ${size} bytes at once`;
  },
  apply: (faults, _boards, parameters) => {
    const { messages, size } = valuesOf(parameters);
    faults.clientBurst(messages, size);
    return nothingToUndo;
  },
};

function valuesOf({ messages = DEFAULT_MESSAGES, size = DEFAULT_BYTES }: Parameters): { messages: number; size: number } {
  return { messages: messages as number, size: size as number };
}
