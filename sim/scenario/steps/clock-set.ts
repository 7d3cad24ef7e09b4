/**
 * Somebody, or an empty battery, sets the boards' calendars. What measures time on a board does not step with
 * it.
 */
import { calendarTime } from '../../kernel/fields.ts';
import { type Action, nothingToUndo } from './action.ts';

const TO = calendarTime();

export const clockSet: Action = {
  action: 'clock.set',
  about: 'Sets the boards’ real-time clocks to a date, or back to the platform’s epoch (`to:`). Only certificates depend on it.',
  targeted: true,
  lasts: 'never',
  parameters: { to: TO },
  check: ({ to }) => (to === undefined ? `expected to: beside it, ${TO.expected}` : null),
  describe: ({ to }) => `the clock is set to ${TO.write(to as never)}`,
  draw: (draw) => ({ to: draw.pick(['epoch', '2000-01-01', '2026-06-01', '2100-01-01']) }),
  apply: ({ controls }, boards, { to }) => {
    for (const board of boards) controls.board(board).setClock(to === 'epoch' ? null : (to as number));
    return nothingToUndo;
  },
};
