/** Boards that booted again. */
import { counter, measure } from './measure.ts';

export const resets = measure({
  metrics: { board_resets: counter('boots', 'Boots after the first of each board.') },
  create: ({ values }) => ({
    handlers: {
      'board.boot': ({ value: count }) => {
        if (count > 1) values.board_resets++;
      },
    },
  }),
});
