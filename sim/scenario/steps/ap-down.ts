/** The access point loses power and comes back when the step ends. Not modelled: another access point in reach. */
import type { Action } from './action.ts';

export const apDown: Action = {
  action: 'ap.down',
  about: 'The access point loses power: no beacons, every station loses it after some seconds.',
  targeted: false,
  lasts: 'until-undone',
  parameters: {},
  describe: () => 'the access point loses power',
  draw: () => ({}),
  proxy:
    'nothing passes for anybody; after 8.5 s, or when the access point is back if that is sooner, the devices’ sockets are reset (their stations have lost the network); the relay hears nothing: half-open; the devices’ own Wi-Fi stays as it is',
  apply: ({ controls, hold }) => hold('access point', (down) => controls.accessPoint(0).setPower(!down)),
};
