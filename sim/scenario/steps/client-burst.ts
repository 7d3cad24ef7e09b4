/**
 * Another client of the relay, on its own network, sends many messages at once: what it makes of every board.
 */
import { type Action, nothingToUndo } from './action.ts';
import { BURST_PARAMETERS, burstOf, describeBurst, drawBurst } from './burst.ts';

export const clientBurst: Action = {
  action: 'client.burst',
  about:
    'A client on the relay’s own network sends `messages:` (100) of `size:` (100) bytes at once; in broadcast mode every board gets each.',
  targeted: false,
  lasts: 'never',
  parameters: BURST_PARAMETERS,
  describe: (parameters) => `a client sends ${describeBurst(parameters)}`,
  draw: drawBurst,
  prepare: (controls) => controls.relay.openClient(),
  apply: ({ controls }, _boards, parameters) => {
    const { messages, size } = burstOf(parameters);
    controls.relay.clientBurst(messages, size);
    return nothingToUndo;
  },
};
