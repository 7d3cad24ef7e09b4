/** A balancer, or its setting, that closes what was idle: the drop every 60 seconds. */
import { formatDuration } from 'host/units';
import { BALANCER_FIELDS, balancerSettings } from '../../net/balancer/settings.ts';
import { type Action, changeBalancer } from './action.ts';

export const balancerIdleClose: Action = {
  action: 'balancer.idle_close',
  about:
    'A balancer before the relay closes connections through which nothing passed for so long (`after:`), `with:` fin (as without it), rst or late_rst (RST for who sends later).',
  targeted: false,
  lasts: 'until-undone',
  needsBalancer: true,
  parameters: { after: BALANCER_FIELDS.idle_close, with: BALANCER_FIELDS.close_with },
  check: ({ after }) => (after === undefined ? 'expected after: beside it, how long a connection may be idle' : null),
  describe: ({ after, with: how = 'fin' }) =>
    `the balancer closes what was idle for ${formatDuration(after as number)} (${String(how).replace('_', ' ').toUpperCase()})`,
  draw: (draw) => ({ after: draw.duration(1_000, 120_000), with: draw.pick(['fin', 'rst', 'late_rst']) }),
  proxy: 'the same: FIN or RST to both real sockets, the device’s over its link',
  apply: (faults, _, { after, with: how }) =>
    changeBalancer(faults, balancerSettings({ idle_close: after as number, close_with: how as 'fin' | undefined })),
};
