/**
 * Boards are given the firmware of another group of the fleet, as by a cable: they reset and boot it. A
 * share, or a number, is taken from those that do not run it yet, so that the same step again and again is a
 * staged rollout, which ends when all are moved.
 *
 * What moves is the group's program and config (keepalive and backoff, and so what its `client` is). What is
 * the board's or the place's stays: device, link, access point, battery, and what its Wi-Fi does by itself.
 */
import { pattern } from '../../kernel/fields.ts';
import { GROUP_NAME } from '../settings.ts';
import { type Action, nothingToUndo } from './action.ts';

const GROUP = pattern('the name of a group of the fleet', `^${GROUP_NAME}$`);

export const boardUpdate: Action = {
  action: 'board.update',
  about:
    'The boards are given the firmware and config of another group of the fleet (`to:`), as by a cable, and boot it. A share or a number is of those that do not run it yet: with `every:` so many each time, until all have it.',
  targeted: true,
  lasts: 'never',
  parameters: { to: GROUP },
  needsFleet: true,
  draw: (draw, groups) => ({ to: draw.pick(groups) }),
  check: ({ to }) => (to === undefined ? `expected to: beside it, ${GROUP.expected}` : null),
  checkFleet: ({ to }, boards, { fleet, membersOf }) => {
    if (to === undefined) return null;
    const target = fleet.find(({ name }) => name === to);
    if (fleet.length === 0) return 'expected a fleet with groups: here all boards run the same';
    if (target === undefined) return `to: no group is called "${to}": the fleet has ${fleet.map(({ name }) => name).join(', ')}`;
    const { device } = target.boards;
    const other = fleet.find((group) => group.boards.device !== device && membersOf(group.name).some((board) => boards.includes(board)));
    return other === undefined ? null : `to: ${to} is for ${device}, and boards of ${other.name} are ${other.boards.device}`;
  },
  describe: ({ to }) => `the board is given the firmware of ${to}`,
  among: ({ deliveredIn, board }, { to }) => ({ membersOf: deliveredIn, eligible: (index) => board(index).group !== to }),
  apply: ({ controls }, boards, { to }) => {
    for (const board of boards) controls.board(board).install(to as string);
    return nothingToUndo;
  },
};
