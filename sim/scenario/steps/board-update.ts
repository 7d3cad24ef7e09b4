/**
 * Boards get the firmware of another group of the fleet: by cable, where they reset and boot it, or over the
 * air, where the relay offers it and the firmware that they run fetches it (firmware/ota), if it can. A
 * share, or a number, is taken from those that do not have it yet, so that the same step again and again is a
 * staged rollout, which ends when all are moved.
 *
 * What moves is the group's program and config (keepalive and backoff, and so what its `client` is). What is
 * the board's or the place's stays: device, link, access point, battery, and what its Wi-Fi does by itself.
 */
import { formatCount } from 'host/format';
import { choice, pattern, whole } from '../../kernel/fields.ts';
import { GROUP_NAME } from '../settings.ts';
import { type Action, nothingToUndo } from './action.ts';

const GROUP = pattern('the name of a group of the fleet', GROUP_NAME);
/** The SOS app with updates, built for an ESP32 (npx tsx firmware build). */
const IMAGE_BYTES = 28_000;
/** A chunk of an image would be all of it; the longest file that a board can hold (firmware/ota). */
const SIZE = whole(100, 65_536);

export const boardUpdate: Action = {
  action: 'board.update',
  about: `The boards get the firmware and config of another group of the fleet (\`to:\`), \`over: cable\`, as without it: they reset and boot it, or \`over: air\`: the relay offers it as an image of \`size:\` (${IMAGE_BYTES}) bytes, and firmware that can fetches it. A share or a number is of those that do not have it: with \`every:\` so many each time, until all have it.`,
  targeted: true,
  lasts: 'never',
  parameters: { to: GROUP, over: choice(['cable', 'air']), size: SIZE },
  needsFleet: true,
  draw: (draw, groups) => ({ to: draw.pick(groups), ...(draw.chance(0.5) ? {} : { over: 'air', size: draw.magnitude(100, 65_536) }) }),
  check: ({ to, over, size }) => {
    if (to === undefined) return `expected to: beside it, ${GROUP.expected}`;
    return size !== undefined && over !== 'air' ? 'size: belongs to over: air' : null;
  },
  checkFleet: ({ to }, boards, { fleet, membersOf }) => {
    if (to === undefined) return null;
    const target = fleet.find(({ name }) => name === to);
    if (fleet.length === 0) return 'expected a fleet with groups: here all boards run the same';
    if (target === undefined) return `to: no group is called "${to}": the fleet has ${fleet.map(({ name }) => name).join(', ')}`;
    const { device } = target.boards;
    const other = fleet.find((group) => group.boards.device !== device && membersOf(group.name).some((board) => boards.includes(board)));
    return other === undefined ? null : `to: ${to} is for ${device}, and boards of ${other.name} are ${other.boards.device}`;
  },
  describe: ({ to, over, size = IMAGE_BYTES }) =>
    over === 'air'
      ? `the board is offered the firmware of ${to}, ${formatCount(size as number)} bytes`
      : `the board is given the firmware of ${to}`,
  among: ({ deliveredIn, board, relay }, { to, over }) => ({
    membersOf: deliveredIn,
    eligible: (index) => board(index).group !== to && (over !== 'air' || relay.updateFor(index) !== to),
  }),
  apply: ({ controls }, boards, { to, over, size = IMAGE_BYTES }) => {
    if (over === 'air') controls.relay.offerUpdate(boards, to as string, size as number);
    else {
      controls.relay.withdrawUpdate(boards);
      for (const board of boards) controls.board(board).install(to as string);
    }
    return nothingToUndo;
  },
};
