/** Somebody changes the balancer before the relay: any of its settings. */
import { BALANCER_FIELDS, type BalancerValues, balancerSettings, drawBalancer } from '../../net/balancer/settings.ts';
import { type Action, changeBalancer } from './action.ts';

export const balancerSet: Action = {
  action: 'balancer.set',
  about: 'Changes the balancer before the relay: any of its settings.',
  targeted: false,
  lasts: 'until-undone',
  needsBalancer: true,
  parameters: BALANCER_FIELDS,
  check: (parameters) =>
    Object.keys(parameters).length > 0 ? null : `expected at least one of ${Object.keys(BALANCER_FIELDS).join(', ')}`,
  describe: (parameters) =>
    `the balancer gets ${Object.entries(parameters)
      .map(([key, value]) => `${key} ${BALANCER_FIELDS[key as keyof BalancerValues].write(value as never)}`)
      .join(', ')}`,
  draw: (draw) => ({ ...drawBalancer(draw), upgrade: draw.pick(['pass', 'drop']) }),
  proxy: 'the same, for TLS too if its mode is tcp',
  apply: (faults, _, parameters) => changeBalancer(faults, balancerSettings(parameters as BalancerValues)),
};
