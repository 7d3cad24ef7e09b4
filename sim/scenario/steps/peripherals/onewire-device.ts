/** A thermometer on a 1-Wire bus of the boards, and what it measures from now on. */
import { formatDuration } from 'host/units';
import { ds18b20, oneWirePlace } from '../../../board/peripherals/sensors.ts';
import { choice, decimal, duration, whole } from '../../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../../settings.ts';
import { type Action, onEach } from '../action.ts';
import { airCourse } from './air-course.ts';
import { CSV, csvProblem } from './csv.ts';
import { PIN } from './pin.ts';

const DEFAULT_PIN = 4;
const DEFAULT_SERIAL = 1;
const MAX_SERIAL = 2 ** 32 - 1;
const MODEL = choice(['ds18b20']);

export const onewireDevice: Action = {
  action: 'onewire.device',
  about:
    'Connects a thermometer to a 1-Wire bus of the boards (`model:` ds18b20; `pin:`, 4; `serial:`, 1, of which its code is made: several may share a bus), or changes what the one there measures: `temperature:` °C, at once or on a straight line from what it was (`over:`), or as a file beside the scenario’s has it (`csv:`, with a header of `t_ms,temperature`). Sensors of a board share its air. Over the end of the step the device is gone.',
  targeted: true,
  lasts: 'until-undone',
  parameters: {
    model: MODEL,
    pin: PIN,
    serial: whole(0, MAX_SERIAL),
    temperature: decimal(-55, 125),
    over: duration(1, MAX_DURATION_MS),
    csv: CSV,
  },
  columns: ['temperature'],
  check: ({ model, csv }) => (model === undefined ? `expected model: beside it, ${MODEL.expected}` : csvProblem({ csv })),
  describe: ({ model, pin = DEFAULT_PIN, temperature, over }) =>
    `${model} answers on pin ${pin}${temperature === undefined ? '' : `: ${temperature} °C`}${over === undefined ? '' : ` after ${formatDuration(over as number)}`}`,
  draw: (draw) => ({ model: 'ds18b20', pin: draw.pick([4, 14]), temperature: draw.whole(-40, 85) }),
  apply: ({ controls, now }, boards, parameters) => {
    const pin = (parameters.pin as number | undefined) ?? DEFAULT_PIN;
    const serial = (parameters.serial as number | undefined) ?? DEFAULT_SERIAL;
    const place = oneWirePlace(pin, serial);
    return onEach(boards, (board) =>
      controls.board(board).peripherals.connectSensor(place, 'ds18b20', ds18b20(serial), airCourse(parameters, now)),
    );
  },
};
