/**
 * The boards' questions for names stay without an answer. A board whose config names the relay by address
 * does not ask.
 */
import { type Action, onEach } from '../action.ts';

export const dnsFail: Action = {
  action: 'dns.fail',
  about: 'Nobody answers the boards’ DNS queries; no effect on boards that connect to an address.',
  targeted: true,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'DNS does not answer',
  draw: () => ({}),
  apply: ({ controls, hold }, boards) =>
    onEach(boards, (board) => hold(`resolver ${board}`, (down) => controls.board(board).setResolver(!down))),
};
