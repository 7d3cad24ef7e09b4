/** What memory boards had left; counted by them (sim/board/memory), and taken from there at the end. */
import { counter, gauge, measure } from '../measure.ts';

export const memory = measure({
  metrics: {
    out_of_memory_resets: counter('resets', 'Of board_resets: there was no room for what the firmware or its network needed.'),
    heap_free_min_bytes: {
      ...gauge(
        'bytes',
        'The least that was free on any board at any time, of the program’s and the network’s heap the smaller; 0 where all devices have memory without end.',
      ),
      betterHigh: true,
    },
  },
  create: ({ values }) => ({
    handlers: {
      'board.out_of_memory': () => {
        values.out_of_memory_resets++;
      },
    },
    finish(_, { heapFreeMinBytes }) {
      values.heap_free_min_bytes = heapFreeMinBytes;
      return {};
    },
  }),
});
