/**
 * Stations leave for another access point of the network, and take their traffic there. Connections do not
 * survive it: ESP-IDF gives the address up on every disconnection and lwIP aborts what was bound to it. With
 * one access point they come back to it, as if another like it had the same name.
 */
import { type Action, apField, isOnAp, nothingToUndo } from '../action.ts';

export const apRoam: Action = {
  action: 'ap.roam',
  about:
    'The stations (of `ap:`, if it is given) roam to another access point (`to_ap:`, else any that is on; with `aps: 1` back to it): disconnected (reason 207), then a join that scans one channel only.',
  targeted: true,
  lasts: 'never',
  parameters: { ap: apField, to_ap: apField },
  describe: ({ ap, to_ap: to }) =>
    `the station${ap === undefined ? '' : ` of access point ${ap}`} roams to ${to === undefined ? 'another access point' : `access point ${to}`}`,
  draw: () => ({}),
  apply: ({ controls }, boards, { ap, to_ap: to }) => {
    for (const board of boards.filter(isOnAp(controls, ap))) controls.board(board).roam(to === undefined ? undefined : (to as number) - 1);
    return nothingToUndo;
  },
};
