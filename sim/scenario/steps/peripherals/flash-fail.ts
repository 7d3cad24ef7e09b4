/** The boards' flash is worn out: what firmware writes fails, always or now and then, and says so. */
import type { FlashHealth } from '../../../board/peripherals/flash.ts';
import { decimal } from '../../../kernel/fields.ts';
import { type Action, onEach } from '../action.ts';

const DEFAULT_CHANCE = 1;

export const flashFail: Action = {
  action: 'flash.fail',
  about: 'What the boards’ firmware writes to flash fails and says so, always or for a share of writes (`chance:`, 1); the old files stay.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { chance: decimal(0, 1) },
  describe: ({ chance = DEFAULT_CHANCE }) => (chance === 1 ? 'writes to flash fail' : `${chance} of all writes to flash fail`),
  draw: (draw) => ({ chance: draw.whole(1, 100) / 100 }),
  apply: ({ controls, layer, random }, boards, { chance = DEFAULT_CHANCE }) => {
    const next = random('flash');
    const health: FlashHealth = { fails: () => next() < (chance as number) };
    return onEach(boards, (board) => layer(`flash ${board}`, health, (some) => controls.board(board).peripherals.setFlash(some)));
  },
};
