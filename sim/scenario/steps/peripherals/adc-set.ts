/** The voltage at an analogue input of the boards: fixed, on its way from what it was, and with noise. */
import { formatDuration } from 'host/units';
import { decimal, duration } from '../../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../../settings.ts';
import { type Action, nothingToUndo } from '../action.ts';
import { CSV, csvProblem } from './csv.ts';
import { PIN } from './pin.ts';

const MAX_MV = 3_300;
const MV = decimal(0, MAX_MV);

export const adcSet: Action = {
  action: 'adc.set',
  about:
    'Puts a voltage on an analogue input of the boards (`pin:`, `mv:` 0 to 3300), at once or on a straight line from what it was (`over:`), with even noise of so many millivolts (`noise:`). A recorded course is a file beside the scenario’s (`csv:`, with a header of `t_ms,mv`), whose time begins with the step.',
  targeted: true,
  lasts: 'never',
  columns: ['mv'],
  parameters: { pin: PIN, mv: MV, over: duration(1, MAX_DURATION_MS), noise: MV, csv: CSV },
  check: ({ pin, mv, csv }) => {
    if (pin === undefined) return `expected pin: beside it, ${PIN.expected}`;
    if (csv !== undefined) return csvProblem({ csv });
    return mv === undefined ? `expected mv: beside it, ${MV.expected}` : null;
  },
  describe: ({ pin, mv, over, noise }) =>
    `${mv} mV on pin ${pin}${over === undefined ? '' : `, reached after ${formatDuration(over as number)}`}${noise === undefined ? '' : `, ±${noise} mV`}`,
  draw: (draw) => ({ pin: draw.pick([34, 35]), mv: draw.whole(0, MAX_MV), noise: draw.whole(0, 100) }),
  apply: ({ controls, now, random }, boards, { pin, mv, over, noise }) => {
    const fromMs = now();
    for (const board of boards) {
      const luck = noise === undefined ? null : random(`adc ${board}`);
      controls.board(board).peripherals.setVoltage(pin as number, (beforeMv) => {
        const share = over === undefined ? 1 : Math.min((now() - fromMs) / (over as number), 1);
        const steady = beforeMv + ((mv as number) - beforeMv) * share;
        return luck === null ? steady : steady + (2 * luck() - 1) * (noise as number);
      });
    }
    return nothingToUndo;
  },
};
