/** The air that boards share, from outside. */
import type { SharedAir } from '../../net/wifi/shared-air.ts';

export interface AirControl {
  /** Numbers of the channels that access points are on. */
  readonly channels: readonly number[];
  /** Changes what is given. @returns what it was */
  change(channel: number, settings: ChannelSettings): ChannelSettings;
}

export interface ChannelSettings {
  /** Share of the channel's air that somebody else's networks take. */
  neighbours?: number;
}

export class WorldAir implements AirControl {
  private readonly air: SharedAir;

  constructor(air: SharedAir) {
    this.air = air;
  }

  get channels(): readonly number[] {
    return this.air.channelNumbers;
  }

  change(channel: number, { neighbours }: ChannelSettings): ChannelSettings {
    return neighbours === undefined ? {} : { neighbours: this.air.setNeighbours(channel, neighbours) };
  }
}
