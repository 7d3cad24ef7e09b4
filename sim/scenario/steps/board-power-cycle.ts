/**
 * The boards lose their power and get it back, without a word to the relay. After a power cut all have it
 * back in the same moment; hands that put plugs in take their time.
 */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import type { Undo } from '../faults.ts';
import { type Action, onEach } from './action.ts';

/** A plug that is pulled and put back, ms. */
const POWER_CYCLE_MS = 2_000;
const MAX_SPREAD_MS = 3_600_000;

export const boardPowerCycle: Action = {
  action: 'board.power_cycle',
  about:
    'The boards are without power for `for:` (2s when it is not given), then start from flash: all in the same moment, or each at its own within `spread:` (0s).',
  targeted: true,
  lasts: POWER_CYCLE_MS,
  parameters: { spread: duration(0, MAX_SPREAD_MS) },
  describe: ({ spread = 0 }) =>
    `the board is without power${spread === 0 ? '' : `, back at a moment of its own within ${formatDuration(spread as number)}`}`,
  draw: (draw) => (draw.chance(0.5) ? {} : { spread: draw.duration(100, 30_000) }),
  apply: ({ controls, hold, later, random }, boards, { spread = 0 }) => {
    const takePower = (board: number): Undo => hold(`power ${board}`, (off) => controls.board(board).setPower(!off));
    if (spread === 0) return onEach(boards, takePower);
    const draw = random('power-spread');
    return onEach(boards, (board) => {
      const giveBack = takePower(board);
      return () => void later(draw() * (spread as number), giveBack);
    });
  },
};
