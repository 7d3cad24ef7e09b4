/**
 * An access point goes to another channel: its automatic choice, a radar, somebody at its settings. One that
 * announces it in its beacons (CSA, IEEE 802.11h) takes its stations along.
 */
import { yesNo } from '../../../kernel/fields.ts';
import { CHANNEL_NUMBERS } from '../../../net/wifi/shared-air.ts';
import { type Action, apField, apsOf, channelField, onEach } from '../action.ts';

export const apChannel: Action = {
  action: 'ap.channel',
  about:
    'An access point (`ap:`, each when it is not given) goes to another channel (`channel:` 1, 6 or 11), which three beacons have announced: its stations follow. With `announced: false` it goes at once, and they hear no beacons any more (reason 200 after 8.5 s).',
  targeted: false,
  lasts: 'until-undone',
  parameters: { ap: apField, channel: channelField, announced: yesNo() },
  check: ({ channel }) => (channel === undefined ? 'expected channel: beside it, 1, 6 or 11' : null),
  describe: ({ ap, channel, announced = true }) =>
    `${ap === undefined ? 'each access point' : `access point ${ap}`} goes to channel ${channel}${announced ? '' : ' without a word'}`,
  draw: (draw) => ({
    ...(draw.chance(0.3) ? { ap: 1 } : {}),
    channel: draw.pick(CHANNEL_NUMBERS),
    ...(draw.chance(0.5) ? { announced: false } : {}),
  }),
  proxy:
    'nothing when it is announced; else nothing passes for anybody for 8.5 s, then the devices’ sockets are reset (their stations have lost the network) and new connections pass; the relay hears nothing: half-open',
  apply: ({ controls, layer }, _, { ap, channel, announced = true }) =>
    onEach(apsOf(controls, ap), (index) =>
      layer(`channel of access point ${index}`, { channel: channel as number }, (to) => ({
        channel: controls.accessPoint(index).setChannel(to.channel, announced as boolean),
      })),
    ),
};
