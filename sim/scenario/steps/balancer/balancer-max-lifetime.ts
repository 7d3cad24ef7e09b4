/** A balancer that lets no connection get old: one that is about to be replaced, or spreads load. */
import { formatDuration } from 'host/units';
import { BALANCER_FIELDS, balancerSettings } from '../../../net/balancer/settings.ts';
import { type Action, changeBalancer } from '../action.ts';

export const balancerMaxLifetime: Action = {
  action: 'balancer.max_lifetime',
  about: 'A balancer before the relay closes connections of this age (`after:`, less up to `spread:`), whatever passes.',
  targeted: false,
  lasts: 'until-undone',
  needsBalancer: true,
  parameters: { after: BALANCER_FIELDS.max_lifetime, spread: BALANCER_FIELDS.lifetime_spread },
  check: ({ after, spread = 0 }) => {
    if (after === undefined) return 'expected after: beside it, how old a connection may get';
    return (spread as number) > (after as number) && after !== 0
      ? 'expected a spread: of at most after:, so that a connection has any time'
      : null;
  },
  describe: ({ after, spread = 0 }) =>
    `the balancer closes what is ${formatDuration(after as number)} old${spread === 0 ? '' : ` or up to ${formatDuration(spread as number)} less`}`,
  draw: (draw) => ({ after: draw.duration(5_000, 120_000), spread: draw.duration(10, 5_000) }),
  proxy: 'the same: both real sockets end, the device’s over its link',
  apply: (faults, _, { after, spread }) =>
    changeBalancer(faults, balancerSettings({ max_lifetime: after as number, lifetime_spread: spread as number | undefined })),
};
