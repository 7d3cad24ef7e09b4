/**
 * The calendar of the relay's machine jumps: a time server that was wrong, a virtual machine that was asleep.
 * Certificates of boards are judged by it, and messages in JSON carry it; keepalive and timeouts measure time
 * by another clock.
 */
import { formatDuration, parseDuration } from 'host/units';
import { calendarTime, type Field } from '../../../kernel/fields.ts';
import { type Action, nothingToUndo } from '../action.ts';

/** A century, as long as any certificate lasts. */
const MAX_JUMP_MS = 100 * 365 * 24 * 3_600_000;
const TO = calendarTime();

/** Milliseconds, back in time with a minus before them. */
const jump: Field<number> = {
  expected: 'a duration with its unit, a minus before it for back in time (2h, -30m), of 100 years at most',
  read(value) {
    const [, sign, size] = typeof value === 'string' ? (/^(-?)(.+)$/.exec(value) ?? []) : [];
    const ms = size === undefined ? null : parseDuration(size);
    return ms === null || ms > MAX_JUMP_MS ? null : sign === '-' ? -ms : ms;
  },
  write: (ms) => `${ms < 0 ? '-' : ''}${formatDuration(Math.abs(ms))}`,
  jsonSchema: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?(ms|s|m|h)$' },
};

export const relayClock: Action = {
  action: 'relay.clock',
  about:
    'The relay’s calendar jumps, ahead or back (`by:` 2h or -2h) or to a date (`to:`). Boards’ certificates are judged by it, and messages in JSON carry it; no keepalive depends on it.',
  targeted: false,
  lasts: 'never',
  parameters: { by: jump, to: TO },
  check: ({ by, to }) => {
    if (to === 'epoch') return 'to: expected a date; the relay’s machine has no epoch of its own';
    return (by === undefined) === (to === undefined) ? 'expected one of by: and to: beside it, how far or where to the clock jumps' : null;
  },
  describe: ({ by, to }) =>
    to === undefined ? `the relay’s clock jumps by ${jump.write(by as number)}` : `the relay’s clock is set to ${TO.write(to as number)}`,
  draw: (draw) => ({ by: `${draw.pick(['', '-'])}${draw.duration(1_000, MAX_JUMP_MS)}` }),
  apply: ({ controls: { relay } }, _, { by, to }) => {
    relay.setClock(to === undefined ? relay.clockMs + (by as number) : (to as number));
    return nothingToUndo;
  },
};
