/**
 * The boards run on batteries, evenly emptied from the beginning of the step to its `lasts:`. The emptier, the
 * more joins end in a brownout reset (board/supply.ts), so that whoever loses the network late does not come
 * back.
 */
import { formatDuration } from 'host/units';
import { supplyOf } from '../../board/supply.ts';
import { decimal, duration } from '../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../settings.ts';
import { type Action, onEach } from './action.ts';

const FULL = 1;

export const boardBattery: Action = {
  action: 'board.battery',
  about:
    'The boards run on batteries that have this charge (`charge:`, a share, 1) and are empty after `lasts:`. Below 0.3 the supply sags when a board begins to join, the more often the less is left, and the brownout detector resets it.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { charge: decimal(0, 1), lasts: duration(1_000, MAX_DURATION_MS) },
  check: ({ lasts }) => (lasts === undefined ? 'expected lasts: beside it, until when the battery is empty' : null),
  describe: ({ charge = FULL, lasts }) =>
    `the battery has ${Math.round((charge as number) * 100)} % of its charge, and is empty after ${formatDuration(lasts as number)}`,
  draw: (draw) => ({ charge: draw.whole(0, 50) / 100, lasts: draw.duration(10_000, 600_000) }),
  apply: ({ controls, layer, now }, boards, { charge = FULL, lasts }) => {
    const sinceMs = now();
    const left = (): number => (charge as number) * (1 - (now() - sinceMs) / (lasts as number));
    return onEach(boards, (board) => layer(`supply ${board}`, supplyOf(left), (some) => controls.board(board).setSupply(some)));
  },
};
