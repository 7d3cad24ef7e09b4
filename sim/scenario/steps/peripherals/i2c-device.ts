/**
 * A device on the I²C bus of the boards, ready-made or as a map of registers, and what it measures from now
 * on.
 */
import { formatDuration } from 'host/units';
import { i2cPlace, registerDevice, SENSORS } from '../../../board/peripherals/sensors.ts';
import { choice, decimal, duration, whole } from '../../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../../settings.ts';
import { type Action, onEach, type Parameters } from '../action.ts';
import { airCourse } from './air-course.ts';
import { CSV, csvProblem } from './csv.ts';
import { BYTES, bytesOf } from './register-bytes.ts';

/** Where each answers that is wired as its maker has it. */
const ADDRESSES = { bme280: 0x76, sht31: 0x44, registers: undefined } as const;
type Model = keyof typeof ADDRESSES;
/** Seven bits without the reserved ones (UM10204, table 4). */
const ADDRESS = whole(0x08, 0x77);

const PARAMETERS = {
  model: choice(['bme280', 'sht31', 'registers']),
  address: ADDRESS,
  temperature: decimal(-40, 85),
  humidity: decimal(0, 100),
  pressure: decimal(300, 1_100),
  over: duration(1, MAX_DURATION_MS),
  from: whole(0, 255),
  bytes: BYTES,
  csv: CSV,
};

export const i2cDevice: Action = {
  action: 'i2c.device',
  about:
    'Connects a device to the I²C bus of the boards (`model:` bme280, sht31 or registers, at `address:`), or changes what the one there measures: `temperature:` °C, `humidity:` %, `pressure:` hPa, at once or on a straight line from what it was (`over:`), or as a file beside the scenario’s has it (`csv:`, with a header of `t_ms` and any of these, whose time begins with the step). `registers` holds `bytes:` from register `from:` (0) on. Over the end of the step the device is gone.',
  targeted: true,
  lasts: 'until-undone',
  columns: ['temperature', 'humidity', 'pressure'],
  parameters: PARAMETERS,
  check: (parameters) => {
    const { model, bytes, from = 0 } = parameters;
    if (model === undefined) return `expected model: beside it, ${PARAMETERS.model.expected}`;
    if (model !== 'registers') return bytes === undefined ? csvProblem(parameters) : 'bytes: belongs to model: registers';
    if (parameters.address === undefined) return `expected address: beside it, ${ADDRESS.expected}`;
    if (bytes === undefined) return `expected bytes: beside it, ${BYTES.expected}`;
    return (from as number) + bytesOf(parameters.bytes).length > 256 ? 'bytes: expected no more than up to register 255' : null;
  },
  describe: (parameters) => {
    const { model, temperature, humidity, pressure, over } = parameters;
    const measured = [
      temperature === undefined ? '' : `${temperature} °C`,
      humidity === undefined ? '' : `${humidity} %`,
      pressure === undefined ? '' : `${pressure} hPa`,
      model === 'registers' ? `${bytesOf(parameters.bytes).length} bytes` : '',
    ].filter((one) => one !== '');
    const what = `${model === 'registers' ? 'a device' : model} answers at 0x${addressOf(parameters).toString(16)}`;
    return `${what}${measured.length === 0 ? '' : `: ${measured.join(', ')}`}${over === undefined ? '' : ` after ${formatDuration(over as number)}`}`;
  },
  draw: (draw) => ({
    model: draw.pick(['bme280', 'sht31']),
    temperature: draw.whole(-40, 85),
    humidity: draw.whole(0, 100),
  }),
  apply: ({ controls, now }, boards, parameters) => {
    const model = parameters.model as Model;
    const address = addressOf(parameters);
    const place = i2cPlace(address);
    return onEach(boards, (board) => {
      const { peripherals } = controls.board(board);
      if (model === 'registers')
        return peripherals.connect(place, registerDevice((parameters.from as number | undefined) ?? 0, bytesOf(parameters.bytes)));
      return peripherals.connectSensor(place, model, SENSORS[model], airCourse(parameters, now));
    });
  },
};

function addressOf({ model, address }: Parameters): number {
  return (address as number | undefined) ?? ADDRESSES[model as Model] ?? 0;
}
