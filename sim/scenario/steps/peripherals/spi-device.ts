/** A device on the SPI bus of the boards, ready-made or as a map of registers. */
import { formatDuration } from 'host/units';
import { spiBme280, spiPlace, spiRegisterDevice } from '../../../board/peripherals/sensors.ts';
import { choice, decimal, duration, whole } from '../../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../../settings.ts';
import { type Action, onEach } from '../action.ts';
import { airCourse } from './air-course.ts';
import { CSV, csvProblem } from './csv.ts';
import { PIN } from './pin.ts';
import { BYTES, bytesOf } from './register-bytes.ts';

const DEFAULT_SELECT_PIN = 5;
/** Seven bits of a register's number. */
const REGISTERS = 128;
const MODEL = choice(['bme280', 'registers']);

export const spiDevice: Action = {
  action: 'spi.device',
  about:
    'Connects a device to the SPI bus of the boards (`model:` bme280 or registers, selected by `select:`, pin 5), or changes what the one there measures, as `i2c.device` does: `temperature:` °C, `humidity:` %, `pressure:` hPa, `over:`, `csv:`. The first byte of a transfer is a register, with bit 7 set to read; `registers` holds `bytes:` from register `from:` (0) on. Over the end of the step the device is gone.',
  targeted: true,
  lasts: 'until-undone',
  columns: ['temperature', 'humidity', 'pressure'],
  parameters: {
    model: MODEL,
    select: PIN,
    temperature: decimal(-40, 85),
    humidity: decimal(0, 100),
    pressure: decimal(300, 1_100),
    over: duration(1, MAX_DURATION_MS),
    from: whole(0, REGISTERS - 1),
    bytes: BYTES,
    csv: CSV,
  },
  check: (parameters) => {
    const { model, bytes, from = 0 } = parameters;
    if (model === undefined) return `expected model: beside it, ${MODEL.expected}`;
    if (model !== 'registers') return bytes === undefined ? csvProblem(parameters) : 'bytes: belongs to model: registers';
    if (bytes === undefined) return `expected bytes: beside it, ${BYTES.expected}`;
    return (from as number) + bytesOf(bytes).length > REGISTERS ? `bytes: expected no more than up to register ${REGISTERS - 1}` : null;
  },
  describe: ({ model, select = DEFAULT_SELECT_PIN, temperature, over }) =>
    `${model === 'registers' ? 'a device' : model} answers by SPI when pin ${select} selects it${temperature === undefined ? '' : `: ${temperature} °C`}${over === undefined ? '' : ` after ${formatDuration(over as number)}`}`,
  draw: (draw) => ({ model: 'bme280', temperature: draw.whole(-40, 85), humidity: draw.whole(0, 100) }),
  apply: ({ controls, now }, boards, parameters) => {
    const { model, select = DEFAULT_SELECT_PIN, from = 0, bytes } = parameters;
    const place = spiPlace(select as number);
    return onEach(boards, (board) => {
      const { peripherals } = controls.board(board);
      return model === 'registers'
        ? peripherals.connect(place, spiRegisterDevice(from as number, bytesOf(bytes)))
        : peripherals.connectSensor(place, 'bme280', spiBme280, airCourse(parameters, now));
    });
  },
};
