/** Boards that booted again. */
import { counter, measure } from '../measure.ts';

export const resets = measure({
  metrics: {
    board_resets: counter('boots', 'Boots after the first of each board, but for those that end a deep sleep.'),
    watchdog_resets: counter('resets', 'Of board_resets: the firmware had not fed its watchdog, or hung and the platform’s own bit.'),
    deep_sleeps: counter('sleeps', 'How often the firmware slept deeply.'),
    brownouts: counter('resets', 'Of board_resets: the supply sagged at a transmit peak, and the brownout detector reset the board.'),
  },
  create: ({ values }) => {
    const asleep = new Set<number>();
    return {
      handlers: {
        'board.boot': ({ board, value: count }) => {
          if (!asleep.delete(board) && count > 1) values.board_resets++;
        },
        'board.sleep': ({ board, subject: kind }) => {
          if (kind !== 'deep') return;
          asleep.add(board);
          values.deep_sleeps++;
        },
        'board.watchdog': () => {
          values.watchdog_resets++;
        },
        'board.brownout': () => {
          values.brownouts++;
        },
      },
    };
  },
});
