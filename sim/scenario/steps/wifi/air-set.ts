/**
 * Somebody else's networks take more of the air, or less: a video call next door, an office that goes home;
 * or one behind a wall, which the access point hears and the boards do not.
 */
import { AIR_FIELDS } from '../../../net/wifi/air/settings.ts';
import type { AirControl, ChannelSettings } from '../../../world/controls/air.ts';
import { type Action, channelField, onEach } from '../action.ts';

/** What a busy office takes. */
const MAX_FUZZED_PERCENT = 60;

export const airSet: Action = {
  action: 'air.set',
  about:
    'Somebody else takes so much (`neighbours:`, a share) of the air of a channel (`channel:` 1, 6 or 11; each when it is not given). `hidden_neighbours:` are heard by access points and by no board, so that what boards send meets it.',
  targeted: false,
  lasts: 'until-undone',
  needsSharedAir: true,
  parameters: { neighbours: AIR_FIELDS.neighbours, hidden_neighbours: AIR_FIELDS.neighbours, channel: channelField },
  check: ({ neighbours, hidden_neighbours: hidden }) =>
    neighbours === undefined && hidden === undefined
      ? 'expected neighbours: or hidden_neighbours: beside it, the share of the air that others take'
      : null,
  describe: ({ neighbours, hidden_neighbours: hidden, channel }) => {
    const takers = [
      ...(neighbours === undefined ? [] : [`others take ${neighbours}`]),
      ...(hidden === undefined ? [] : [`others whom no board hears take ${hidden}`]),
    ];
    return `${takers.join(' and ')} of the air of ${channel === undefined ? 'each channel' : `channel ${channel}`}`;
  },
  draw: (draw) => ({ [draw.chance(0.3) ? 'hidden_neighbours' : 'neighbours']: draw.whole(0, MAX_FUZZED_PERCENT) / 100 }),
  apply: ({ controls, layer }, _, { neighbours, hidden_neighbours: hidden, channel: only }) => {
    const air = controls.air as AirControl;
    const channels = air.channels.filter((channel) => only === undefined || channel === only);
    const settings: ChannelSettings = {
      ...(neighbours === undefined ? {} : { neighbours: neighbours as number }),
      ...(hidden === undefined ? {} : { hiddenNeighbours: hidden as number }),
    };
    return onEach(channels, (channel) => layer(`air of channel ${channel}`, settings, (some) => air.change(channel, some)));
  },
};
