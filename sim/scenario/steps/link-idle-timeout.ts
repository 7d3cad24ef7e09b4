/** A NAT or proxy on the path forgets flows through which nothing passed for a while. What it forgot stays forgotten when the step ends. */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import { MAX_DURATION_MS } from '../settings.ts';
import { type Action, onEach } from './action.ts';

/** Tables are swept about once a second; less would forget a flow between a segment and its acknowledgement. */
const MIN_AFTER_MS = 1_000;

export const linkIdleTimeout: Action = {
  action: 'link.idle_timeout',
  about: 'A NAT or proxy forgets a connection through which nothing passed for so long (after:); its packets then vanish.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { after: duration(MIN_AFTER_MS, MAX_DURATION_MS) },
  check: ({ after }) => (after === undefined ? 'expected after: beside it, how long a connection may be idle' : null),
  describe: ({ after }) => `connections idle for ${formatDuration(after as number)} are forgotten on the way`,
  apply: (faults, boards, { after }) => onEach(boards, (board) => faults.changeLink(board, { idleTimeoutMs: after as number })),
};
