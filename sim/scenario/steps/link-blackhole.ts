/**
 * Packets of the boards vanish in both directions while Wi-Fi stays associated: what makes a connection
 * half-open.
 */
import { type Action, onEach } from './action.ts';

export const linkBlackhole: Action = {
  action: 'link.blackhole',
  about: 'Packets vanish in both directions, without FIN or RST: connections become half-open.',
  targeted: true,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'packets vanish',
  draw: () => ({}),
  proxy: 'packets vanish both ways; both real sockets stay open, new connections are accepted by the system and get no further',
  apply: ({ controls, hold }, boards) =>
    onEach(boards, (board) => hold(`blackhole ${board}`, (on) => controls.link(board).setBlackhole(on))),
};
