/**
 * Somebody else's networks take more of the air, or less: a video call next door, an office that goes home.
 */
import type { Field } from '../../kernel/fields.ts';
import { AIR_FIELDS } from '../../net/wifi/air/settings.ts';
import { CHANNEL_NUMBERS } from '../../net/wifi/shared-air.ts';
import type { AirControl, ChannelSettings } from '../../world/controls/air.ts';
import { type Action, onEach } from './action.ts';

/** What a busy office takes. */
const MAX_FUZZED_PERCENT = 60;

const channelField: Field<number> = {
  expected: `one of ${CHANNEL_NUMBERS.join(', ')}`,
  read: (value) => CHANNEL_NUMBERS.find((one) => one === value) ?? null,
  write: (value) => value,
  jsonSchema: { enum: CHANNEL_NUMBERS },
};

export const airSet: Action = {
  action: 'air.set',
  about: 'Somebody else takes so much (`neighbours:`, a share) of the air of a channel (`channel:` 1, 6 or 11; each when it is not given).',
  targeted: false,
  lasts: 'until-undone',
  needsSharedAir: true,
  parameters: { neighbours: AIR_FIELDS.neighbours, channel: channelField },
  check: ({ neighbours }) => (neighbours === undefined ? 'expected neighbours: beside it, the share of the air that others take' : null),
  describe: ({ neighbours, channel }) =>
    `others take ${neighbours} of the air of ${channel === undefined ? 'each channel' : `channel ${channel}`}`,
  draw: (draw) => ({ neighbours: draw.whole(0, MAX_FUZZED_PERCENT) / 100 }),
  apply: ({ controls, layer }, _, { neighbours, channel: only }) => {
    const air = controls.air as AirControl;
    const channels = air.channels.filter((channel) => only === undefined || channel === only);
    const settings: ChannelSettings = { neighbours: neighbours as number };
    return onEach(channels, (channel) => layer(`air of channel ${channel}`, settings, (some) => air.change(channel, some)));
  },
};
