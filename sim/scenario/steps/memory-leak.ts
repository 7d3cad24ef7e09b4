/** The firmware keeps what it should give back: its board runs out of memory, is reset, and begins anew. */
import { whole } from '../../kernel/fields.ts';
import { type Action, onEach } from './action.ts';

const DEFAULT_BYTES_PER_S = 100;
const MAX_BYTES_PER_S = 1_000_000;

export const memoryLeak: Action = {
  action: 'memory.leak',
  about:
    'The firmware keeps so many bytes more with every second (`bytes_per_s:`, 100). When the memory of the board’s profile is full the board is reset, which frees them, and it leaks again. `ideal` has memory without end.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { bytes_per_s: whole(1, MAX_BYTES_PER_S) },
  describe: ({ bytes_per_s: bytes = DEFAULT_BYTES_PER_S }) => `the firmware leaks ${bytes} bytes a second`,
  draw: (draw) => ({ bytes_per_s: draw.whole(100, 20_000) }),
  apply: ({ controls, layer }, boards, { bytes_per_s: bytes = DEFAULT_BYTES_PER_S }) =>
    onEach(boards, (board) => layer(`memory ${board}`, { bytesPerS: bytes as number }, (some) => controls.board(board).setLeak(some))),
};
