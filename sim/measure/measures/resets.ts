/** Boards that booted again. */
import { counter, measure } from './measure.ts';

export const resets = measure({
  metrics: {
    board_resets: counter('boots', 'Boots after the first of each board.'),
    brownouts: counter('resets', 'Of board_resets: the supply sagged at a transmit peak, and the brownout detector reset the board.'),
  },
  create: ({ values }) => ({
    handlers: {
      'board.boot': ({ value: count }) => {
        if (count > 1) values.board_resets++;
      },
      'board.brownout': () => {
        values.brownouts++;
      },
    },
  }),
});
