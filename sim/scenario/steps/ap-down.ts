/** The access point loses power and comes back when the step ends. Not modelled: another access point in reach. */
import type { Action } from './action.ts';

export const apDown: Action = {
  action: 'ap.down',
  about: 'The access point loses power: no beacons, every station loses it after some seconds.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the access point loses power',
  apply: (faults) => faults.accessPointDown(),
};
