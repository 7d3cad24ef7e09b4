/**
 * The stations leave for another access point of the network. Connections do not survive it: ESP-IDF gives the address up on every disconnection and lwIP aborts
 * what was bound to it. The other access point is always in reach, and like the first.
 */
import { type Action, nothingToUndo } from './action.ts';

export const apRoam: Action = {
  action: 'ap.roam',
  about: 'The stations roam to another access point: disconnected (reason 207), then a join that scans one channel only.',
  targeted: true,
  lasts: 'never',
  parameters: {},
  describe: () => 'the station roams to another access point',
  draw: () => ({}),
  apply: ({ controls }, boards) => {
    for (const board of boards) controls.board(board).roam();
    return nothingToUndo;
  },
};
