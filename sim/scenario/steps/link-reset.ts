/**
 * A firewall or proxy on the path ends the boards' connections with RST to both ends. Each RST travels the
 * link and may be lost like any packet.
 */
import { type Action, nothingToUndo } from './action.ts';

export const linkReset: Action = {
  action: 'link.reset',
  about: 'The connections that the boards hold are reset: RST to both ends.',
  targeted: true,
  lasts: 'never',
  parameters: {},
  describe: () => 'connections are reset',
  draw: () => ({}),
  proxy: 'RST to both real sockets, over the link, so a blackhole swallows it',
  apply: ({ controls }, boards) => {
    for (const board of boards) controls.link(board).resetConnections();
    return nothingToUndo;
  },
};
