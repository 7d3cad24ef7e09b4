/** The relay moves to another machine: it stops at its old address and starts at the new one. */
import { choice } from '../../../kernel/fields.ts';
import { addressField } from '../../../net/wan/address.ts';
import type { RelayPlace } from '../../../world/controls/relay.ts';
import type { Action } from '../action.ts';

const ELSEWHERE = ['silent', 'refuses'] as const;

export const relayMove: Action = {
  action: 'relay.move',
  about:
    'The relay stops, and serves at once at another address (`to:`). At the old one nobody answers (`old: silent`, as without it) or connections are refused (`refuses`). Who gets there, DNS says (`dns.answer`).',
  targeted: false,
  lasts: 'until-undone',
  parameters: { to: addressField, old: choice(ELSEWHERE) },
  check: ({ to }) => (to === undefined ? 'expected to: beside it, the address it moves to' : null),
  describe: ({ to, old = 'silent' }) => `the relay moves to ${to}, its old address ${old === 'silent' ? 'is silent' : 'refuses'}`,
  draw: (draw) => ({ to: draw.pick(['192.0.2.7', '192.0.2.8']), old: draw.pick(ELSEWHERE) }),
  apply: ({ controls, layer }, _, { to, old = 'silent' }) =>
    layer<Partial<RelayPlace>>('relay address', { address: to as string, elsewhere: old as RelayPlace['elsewhere'] }, (some) =>
      controls.relay.move(some),
    ),
};
