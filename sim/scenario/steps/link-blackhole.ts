/** Packets of the boards vanish in both directions while Wi-Fi stays associated: what makes a connection half-open. */
import { type Action, onEach } from './action.ts';

export const linkBlackhole: Action = {
  action: 'link.blackhole',
  about: 'Packets vanish in both directions, without FIN or RST: connections become half-open.',
  targeted: true,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'packets vanish',
  apply: (faults, boards) => onEach(boards, (board) => faults.blackhole(board)),
};
