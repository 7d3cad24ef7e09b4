/** The air that boards share, from outside. */
import { CHANNEL_NUMBERS, type ChannelShares, type SharedAir } from '../../net/wifi/shared-air.ts';

export type ChannelSettings = Partial<ChannelShares>;

export interface AirControl {
  /** Numbers of the channels that there are. */
  readonly channels: readonly number[];
  /** Changes what is given, also of a channel that no access point is on yet. @returns what it was */
  change(channel: number, settings: ChannelSettings): ChannelSettings;
}

export class WorldAir implements AirControl {
  readonly channels = CHANNEL_NUMBERS;
  private readonly air: SharedAir;

  constructor(air: SharedAir) {
    this.air = air;
  }

  change(channel: number, settings: ChannelSettings): ChannelSettings {
    return this.air.setShares(channel, settings);
  }
}
