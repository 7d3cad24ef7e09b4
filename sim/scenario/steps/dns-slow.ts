/** The name server takes its time. lwIP asks again after 1, 2 and 4 s, and gives up after 7. */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import { type Action, changeDns } from './action.ts';

const MAX_DELAY_MS = 60_000;

export const dnsSlow: Action = {
  action: 'dns.slow',
  about: 'DNS answers so much later (`delay:`); from 7s on boards have given up. No effect on boards that connect to an address.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { delay: duration(0, MAX_DELAY_MS) },
  check: ({ delay }) => (delay === undefined ? 'expected delay: beside it, how much later an answer comes' : null),
  describe: ({ delay }) => `DNS answers ${formatDuration(delay as number)} later`,
  draw: (draw) => ({ delay: draw.duration(100, 10_000) }),
  apply: (faults, boards, { delay }) => changeDns(faults, boards, { delayMs: delay as number }),
};
