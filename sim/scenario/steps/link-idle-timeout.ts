/**
 * A NAT or proxy on the path forgets flows through which nothing passed for a while. What it forgot stays
 * forgotten when the step ends.
 */
import { formatDuration } from 'host/units';
import { LINK_FIELDS } from '../../net/link/settings.ts';
import { type Action, onEach } from './action.ts';

export const linkIdleTimeout: Action = {
  action: 'link.idle_timeout',
  about: 'A NAT or proxy forgets a connection through which nothing passed for so long (`after:`); its packets then vanish.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { after: LINK_FIELDS.idle_timeout },
  check: ({ after }) => (after === undefined ? 'expected after: beside it, how long a connection may be idle' : null),
  describe: ({ after }) => `connections idle for ${formatDuration(after as number)} are forgotten on the way`,
  draw: (draw) => ({ after: draw.duration(1_000, 120_000) }),
  proxy: 'a connection that was idle for too long is forgotten; its packets vanish',
  apply: ({ changeLink }, boards, { after }) => onEach(boards, (board) => changeLink(board, { idleTimeoutMs: after as number })),
};
