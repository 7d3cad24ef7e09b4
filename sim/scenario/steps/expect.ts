/**
 * Expects something of boards, at this moment or soon; a board that disappoints breaks a check. In a file:
 * `{ at: 90s, expect: channel.open, within: 45s }`, without `action:`.
 */
import { formatDuration } from 'host/units';
import { choice, decimal, duration, text, whole } from '../../kernel/fields.ts';
import {
  CHANNEL_EXPECTATIONS,
  DEVICE_EXPECTATIONS,
  type ExpectedThing,
  MESSAGE_EXPECTATIONS,
  PIN_EXPECTATIONS,
} from '../../measure/expectations.ts';
import { MAX_DURATION_MS } from '../settings.ts';
import { type Action, nothingToUndo, type Parameters } from './action.ts';
import { LED_PIN, PIN } from './peripherals/pin.ts';

/** As of `gpio.pwm`. */
const MAX_PWM_HZ = 100_000;
/** Of what is looked for. */
const MAX_CHARACTERS = 200;

interface ExpectParameters {
  expect: ExpectedThing;
  within?: number;
  pin?: number;
  duty?: number;
  frequency?: number;
  data?: string;
  file?: string;
}

export const expectStep: Action = {
  action: 'expect',
  about:
    'Each of the boards must be seen so within `within:` (0s when it is not given: now), else a check breaks. `pin.pwm` may say `duty:` (0 to 1) and `frequency:` (Hz).',
  targeted: true,
  lasts: 'never',
  parameters: {
    expect: choice([...CHANNEL_EXPECTATIONS, ...MESSAGE_EXPECTATIONS, ...DEVICE_EXPECTATIONS, ...PIN_EXPECTATIONS]),
    within: duration(0, MAX_DURATION_MS),
    pin: PIN,
    duty: decimal(0, 1),
    frequency: whole(1, MAX_PWM_HZ),
    data: text(1, MAX_CHARACTERS),
    file: text(1, MAX_CHARACTERS),
  },
  check: (parameters) => {
    const { expect, within = 0, pin, duty, frequency, data, file } = parametersOf(parameters);
    if (expect === undefined) return 'expect: is missing';
    if ((duty ?? frequency) !== undefined && expect !== 'pin.pwm') return `duty: and frequency: belong to pin.pwm, not to ${expect}`;
    if (data !== undefined && expect !== 'uart.sent') return `data: belongs to uart.sent, not to ${expect}`;
    if (file !== undefined && expect !== 'flash.write') return `file: belongs to flash.write, not to ${expect}`;
    if (isEvent(expect) && within === 0) return `within: is missing; a moment is too short for ${expect}`;
    return pin !== undefined && !isPin(expect) ? `pin: belongs to ${PIN_EXPECTATIONS.join(', ')}, not to ${expect}` : null;
  },
  describe: (parameters) => {
    const { expect, within = 0, pin = LED_PIN, duty, frequency, data, file } = parametersOf(parameters);
    const pulses = `${duty === undefined ? '' : ` at ${Math.round(duty * 1_000) / 10} %`}${frequency === undefined ? '' : ` of ${frequency} Hz`}`;
    const match = data === undefined ? (file ?? '') : JSON.stringify(data);
    return `expect ${expect}${match === '' ? '' : ` of ${match}`}${isPin(expect) ? `${pulses} on pin ${pin}` : ''}${within === 0 ? '' : ` within ${formatDuration(within)}`}`;
  },
  apply: ({ expect: begin }, boards, parameters) => {
    const { expect, within = 0, pin = LED_PIN, duty, frequency: frequencyHz, data, file } = parametersOf(parameters);
    begin(boards, {
      what: expect,
      withinMs: within,
      pin,
      duty,
      frequencyHz,
      match: data ?? file ?? '',
      name: expectStep.describe(parameters),
    });
    return nothingToUndo;
  },
};

function parametersOf(parameters: Parameters): ExpectParameters {
  return parameters as unknown as ExpectParameters;
}

function isPin(what: ExpectedThing): boolean {
  return (PIN_EXPECTATIONS as readonly string[]).includes(what);
}

/** It happens, and does not last. */
function isEvent(what: ExpectedThing): boolean {
  return ([...MESSAGE_EXPECTATIONS, ...DEVICE_EXPECTATIONS] as readonly string[]).includes(what);
}
