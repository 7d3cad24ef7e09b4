/** The boards lose their power and get it back, without a word to the relay. */
import { type Action, onEach } from './action.ts';

/** A plug that is pulled and put back, ms. */
const POWER_CYCLE_MS = 2_000;

export const boardPowerCycle: Action = {
  action: 'board.power_cycle',
  about: 'The boards are without power for `for:` (2s when it is not given), then start from flash.',
  targeted: true,
  lasts: POWER_CYCLE_MS,
  parameters: {},
  describe: () => 'the board is without power',
  draw: () => ({}),
  apply: ({ controls, hold }, boards) => onEach(boards, (board) => hold(`power ${board}`, (off) => controls.board(board).setPower(!off))),
};
