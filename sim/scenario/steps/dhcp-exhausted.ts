/**
 * The DHCP server has no address left. A station that joins is associated and asks on: lwIP's client sends
 * DISCOVER again after 0.5, 1, 2, 4, 4 … s and never gives up (src/core/ipv4/dhcp.c), and ESP-IDF says nothing
 * meanwhile. Who has an address keeps it.
 */
import { type Action, onEach } from './action.ts';

export const dhcpExhausted: Action = {
  action: 'dhcp.exhausted',
  about: 'Boards that join associate with the access point and get no IP address until the step ends; who has one keeps it.',
  targeted: true,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'DHCP has no address left',
  draw: () => ({}),
  apply: ({ controls, hold }, boards) =>
    onEach(boards, (board) => hold(`dhcp ${board}`, (exhausted) => controls.board(board).setDhcp(!exhausted))),
};
