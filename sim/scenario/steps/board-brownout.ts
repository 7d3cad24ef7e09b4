/** The boards' supply is too weak for the radio: each join may reset the board, which then joins again. */
import type { Supply } from '../../board/supply.ts';
import { decimal } from '../../kernel/fields.ts';
import { type Action, onEach } from './action.ts';

const DEFAULT_CHANCE = 1;

export const boardBrownout: Action = {
  action: 'board.brownout',
  about:
    'The boards’ supply sags when they begin to join: the brownout detector resets them, at each join or at a share of joins (`chance:`, 1). Who has joined stays.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { chance: decimal(0, 1) },
  describe: ({ chance = DEFAULT_CHANCE }) => `the supply sags, and ${chance === 1 ? 'each' : `${chance} of all`} joins reset the board`,
  draw: (draw) => ({ chance: draw.whole(1, 100) / 100 }),
  apply: ({ controls, layer }, boards, { chance = DEFAULT_CHANCE }) => {
    const supply: Supply = { resetChance: () => chance as number };
    return onEach(boards, (board) => layer(`supply ${board}`, supply, (some) => controls.board(board).setSupply(some)));
  },
};
