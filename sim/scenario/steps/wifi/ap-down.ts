/**
 * Access points lose power and come back when the step ends. Their stations look for another one of the
 * network meanwhile.
 */
import { type Action, apField, apsOf, onEach } from '../action.ts';

export const apDown: Action = {
  action: 'ap.down',
  about:
    'An access point (`ap:`, each when it is not given) loses power: no beacons, every station loses it after some seconds and joins another, if one is on.',
  targeted: false,
  lasts: 'until-undone',
  parameters: { ap: apField },
  describe: ({ ap }) => (ap === undefined ? 'each access point loses power' : `access point ${ap} loses power`),
  draw: (draw) => (draw.chance(0.3) ? { ap: 1 } : {}),
  proxy:
    'nothing passes for anybody; after 8.5 s, or when the access point is back if that is sooner, the devices’ sockets are reset (their stations have lost the network); the relay hears nothing: half-open; the devices’ own Wi-Fi stays as it is',
  apply: ({ controls, hold }, _, { ap }) =>
    onEach(apsOf(controls, ap), (index) => hold(`access point ${index}`, (down) => controls.accessPoint(index).setPower(!down))),
};
