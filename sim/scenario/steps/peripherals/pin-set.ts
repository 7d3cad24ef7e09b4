/** Somebody outside drives a pin of the boards: a button, a door contact, a motion sensor. */
import { whole } from '../../../kernel/fields.ts';
import { type Action, nothingToUndo } from '../action.ts';
import { LED_PIN, PIN } from './pin.ts';

export const pinSet: Action = {
  action: 'pin.set',
  about:
    'Drives a pin of the boards from outside (`pin:`, `to:` 0 or 1), which firmware may watch, or be woken by. A pin that the board drives itself stays as it is.',
  targeted: true,
  lasts: 'never',
  parameters: { pin: PIN, to: whole(0, 1) },
  check: ({ pin, to }) => {
    if (pin === undefined) return `expected pin: beside it, ${PIN.expected}`;
    return to === undefined ? 'expected to: beside it, 0 or 1' : null;
  },
  describe: ({ pin, to }) => `pin ${pin} is driven ${to === 1 ? 'high' : 'low'}`,
  draw: (draw) => ({ pin: draw.pick([0, LED_PIN, 4, 14]), to: draw.whole(0, 1) }),
  apply: ({ controls }, boards, { pin, to }) => {
    for (const board of boards) controls.board(board).peripherals.setPin(pin as number, to as 0 | 1);
    return nothingToUndo;
  },
};
