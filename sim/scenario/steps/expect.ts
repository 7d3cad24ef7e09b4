/**
 * Expects something of boards, at this moment or soon; a board that disappoints breaks a check. In a file:
 * `{ at: 90s, expect: channel.open, within: 45s }`, without `action:`.
 */
import { formatDuration } from 'host/units';
import { choice, duration } from '../../kernel/fields.ts';
import { CHANNEL_EXPECTATIONS, type ExpectedThing, MESSAGE_EXPECTATIONS, PIN_EXPECTATIONS } from '../../measure/expectations.ts';
import { MAX_DURATION_MS } from '../settings.ts';
import { type Action, nothingToUndo, type Parameters } from './action.ts';
import { LED_PIN, PIN } from './peripherals/pin.ts';

interface ExpectParameters {
  expect: ExpectedThing;
  within?: number;
  pin?: number;
}

export const expectStep: Action = {
  action: 'expect',
  about: 'Each of the boards must be seen so within `within:` (0s when it is not given: now), else a check breaks.',
  targeted: true,
  lasts: 'never',
  parameters: {
    expect: choice([...CHANNEL_EXPECTATIONS, ...MESSAGE_EXPECTATIONS, ...PIN_EXPECTATIONS]),
    within: duration(0, MAX_DURATION_MS),
    pin: PIN,
  },
  check: (parameters) => {
    const { expect, within = 0, pin } = parametersOf(parameters);
    if (expect === undefined) return 'expect: is missing';
    if (isMessage(expect) && within === 0) return `within: is missing; a moment is too short for ${expect}`;
    return pin !== undefined && !isPin(expect) ? `pin: belongs to ${PIN_EXPECTATIONS.join(' and ')}, not to ${expect}` : null;
  },
  describe: (parameters) => {
    const { expect, within = 0, pin = LED_PIN } = parametersOf(parameters);
    return `expect ${expect}${isPin(expect) ? ` on pin ${pin}` : ''}${within === 0 ? '' : ` within ${formatDuration(within)}`}`;
  },
  apply: ({ expect: begin }, boards, parameters) => {
    const { expect, within = 0, pin = LED_PIN } = parametersOf(parameters);
    begin(boards, { what: expect, withinMs: within, pin, name: expectStep.describe(parameters) });
    return nothingToUndo;
  },
};

function parametersOf(parameters: Parameters): ExpectParameters {
  return parameters as unknown as ExpectParameters;
}

function isPin(what: ExpectedThing): boolean {
  return (PIN_EXPECTATIONS as readonly string[]).includes(what);
}

function isMessage(what: ExpectedThing): boolean {
  return (MESSAGE_EXPECTATIONS as readonly string[]).includes(what);
}
