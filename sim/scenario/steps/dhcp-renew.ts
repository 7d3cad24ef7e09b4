/**
 * An address changes under connections that are open: the router's own, which its provider renews, so that no
 * packet of theirs finds its way any more; or the board's, and lwIP ends its sockets at once, with RST from
 * the address that it still has (netif.c, netif_do_set_ipaddr).
 */
import { choice, yesNo } from '../../kernel/fields.ts';
import { type Action, nothingToUndo } from './action.ts';

const WHOSE = ['router', 'board'] as const;

export const dhcpRenew: Action = {
  action: 'dhcp.renew',
  about:
    'A lease is renewed with another address (`new_address: true`). `of: router`, as without it: packets of old connections vanish both ways, nobody is told. `of: board`: its sockets end, and RST goes to the relay.',
  targeted: true,
  lasts: 'never',
  parameters: { new_address: yesNo(), of: choice(WHOSE) },
  check: ({ new_address: isNew }) =>
    isNew === true ? null : 'expected new_address: true beside it; a renewal that keeps the address changes nothing',
  describe: ({ of = 'router' }) =>
    of === 'router' ? 'the router gets a new address, old connections lead nowhere' : 'the board gets a new address',
  draw: (draw) => ({ new_address: true, of: draw.pick(WHOSE) }),
  apply: ({ controls }, boards, { of = 'router' }) => {
    for (const link of boards.map((board) => controls.link(board))) {
      if (of === 'router') link.forgetConnections();
      else link.renewAddress();
    }
    return nothingToUndo;
  },
  proxy:
    'packets of the device’s old connections vanish both ways; `of: board`: its socket is reset, and RST goes to the relay over the link',
};
