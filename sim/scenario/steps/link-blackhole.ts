/**
 * Packets of the boards vanish in both directions, or one, while Wi-Fi stays associated: what makes a
 * connection half-open.
 */
import { choice } from '../../kernel/fields.ts';
import type { Way } from '../../net/wire/packet.ts';
import { type Action, onEach } from './action.ts';

const WAY_WORDS: Record<Way, string> = { up: ' on the way up, to the relay', down: ' on the way down, to the board' };

export const linkBlackhole: Action = {
  action: 'link.blackhole',
  about: 'Packets vanish in both directions, or on one way (`way:` up, down), without FIN or RST: connections become half-open.',
  targeted: true,
  lasts: 'until-undone',
  parameters: { way: choice(['up', 'down']) },
  describe: ({ way }) => `packets vanish${way === undefined ? '' : WAY_WORDS[way as Way]}`,
  draw: (draw) => (draw.chance(0.3) ? { way: draw.pick(['up', 'down']) } : {}),
  proxy: 'packets vanish both ways, or on one; both real sockets stay open, new connections are accepted by the system and get no further',
  apply: ({ controls, hold }, boards, { way }) =>
    onEach(boards, (board) =>
      hold(faultOf(board, way as Way | undefined), (on) => controls.link(board).setBlackhole(on, way as Way | undefined)),
    ),
};

/** The console holds the same hole of both ways by the same name. */
function faultOf(board: number, way: Way | undefined): string {
  return way === undefined ? `blackhole ${board}` : `blackhole ${way} ${board}`;
}
