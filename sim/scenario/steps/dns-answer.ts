/**
 * What the name server says of the relay's name. The address of the relay is `10.0.255.1` unless `relay.move`
 * has it elsewhere; whoever connects to another one finds nobody.
 */
import { formatDuration } from 'host/units';
import { duration } from '../../kernel/fields.ts';
import { addressField, RELAY_ADDRESS } from '../../net/wan/address.ts';
import { type Action, changeDns } from './action.ts';

/** lwIP's DNS_MAX_TTL: a week. */
const MAX_TTL_MS = 604_800_000;

export const dnsAnswer: Action = {
  action: 'dns.answer',
  about:
    'DNS says that the relay’s name is at `address:` (10.0.255.1 is where it is at first), and for how long a board may remember it (`ttl:`, 0s at first); no effect on boards that connect to an address.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { address: addressField, ttl: duration(0, MAX_TTL_MS) },
  check: ({ address, ttl }) => (address === undefined && ttl === undefined ? 'expected at least one of address, ttl' : null),
  describe: ({ address, ttl }) =>
    `DNS ${[
      ...(address === undefined ? [] : [`says ${address}`]),
      ...(ttl === undefined ? [] : [`lets boards remember its answers for ${formatDuration(ttl as number)}`]),
    ].join(' and ')}`,
  draw: (draw) => ({ address: draw.pick([RELAY_ADDRESS, '192.0.2.7']), ttl: draw.duration(1, 120_000) }),
  apply: (faults, boards, { address, ttl }) =>
    changeDns(faults, boards, {
      ...(address === undefined ? {} : { address: address as string }),
      ...(ttl === undefined ? {} : { ttlMs: ttl as number }),
    }),
};
