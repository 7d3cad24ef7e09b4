/** Whatever is at the other end of a serial port of the boards sends to them. */
import { text, whole } from '../../../kernel/fields.ts';
import { type Action, nothingToUndo } from '../action.ts';

const MAX_CHARACTERS = 1_024;
const DATA = text(1, MAX_CHARACTERS);
const DEFAULT_PORT = 1;

export const uartSend: Action = {
  action: 'uart.send',
  about:
    'Sends bytes to a serial port of the boards (`port:` 1 or 2, 1; `data:`, characters up to U+00FF, one for each byte). They are lost when it is not open.',
  targeted: true,
  lasts: 'never',
  parameters: { port: whole(1, 2), data: DATA },
  check: ({ data }) => {
    if (data === undefined) return `expected data: beside it, ${DATA.expected}`;
    return [...(data as string)].some((character) => character > '\xff')
      ? 'data: expected characters up to U+00FF, one for each byte'
      : null;
  },
  describe: ({ port = DEFAULT_PORT, data }) => `${JSON.stringify(data)} comes to serial port ${port}`,
  draw: (draw) => ({ port: draw.whole(1, 2), data: draw.pick(['OK\r\n', '$GPGGA,,,,,,0*66\r\n', 'x']) }),
  apply: ({ controls }, boards, { port = DEFAULT_PORT, data }) => {
    for (const board of boards) controls.board(board).peripherals.sendUart(port as number, data as string);
    return nothingToUndo;
  },
};
