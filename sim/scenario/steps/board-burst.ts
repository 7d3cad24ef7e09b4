/** The boards' apps send many messages at once: what a bounded outbox, the link and the relay make of it. */
import { type Action, nothingToUndo } from './action.ts';
import { BURST_PARAMETERS, burstOf, describeBurst, drawBurst } from './burst.ts';

export const boardBurst: Action = {
  action: 'board.burst',
  about: 'The boards’ apps send `messages:` (100) of `size:` (100) bytes, one right after the other.',
  targeted: true,
  lasts: 'never',
  parameters: BURST_PARAMETERS,
  describe: (parameters) => `the app sends ${describeBurst(parameters)}`,
  draw: drawBurst,
  apply: ({ controls }, boards, parameters) => {
    const { messages, size } = burstOf(parameters);
    for (const board of boards) controls.board(board).burst(messages, size);
    return nothingToUndo;
  },
};
