/**
 * The boards start anew, as after a watchdog or the reset button; their sockets are gone without a word to
 * the relay.
 */
import { type Action, nothingToUndo } from './action.ts';

export const boardReset: Action = {
  action: 'board.reset',
  about: 'The boards start anew from flash, without a word to the relay.',
  targeted: true,
  lasts: 'never',
  parameters: {},
  describe: () => 'the board resets',
  draw: () => ({}),
  apply: ({ controls }, boards) => {
    for (const board of boards) controls.board(board).reset();
    return nothingToUndo;
  },
};
