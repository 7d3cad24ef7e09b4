/** An access point from outside: its power, its password, its channel and its places. */
import type { Timeline } from '../../kernel/timeline.ts';
import { BEACON_US } from '../../net/rules/power-save.ts';
import type { AccessPoint } from '../../net/wifi/access-point.ts';
import type { Medium } from '../../net/wifi/medium.ts';
import type { WorldBoard } from './board.ts';
import type { WorldLink } from './link.ts';

/** Beacons that announce a change of channel: `csa_count` of ESP-IDF's soft AP (esp_wifi_types_generic.h). */
const CSA_BEACONS = 3;

export interface AccessPointControl {
  /** It loses its power, or comes back after its boot. */
  setPower(on: boolean): void;
  /**
   * The network's password is another one here than the boards have, or theirs again. Who has joined is sent
   * away.
   */
  setPasswordChanged(on: boolean): void;
  /**
   * It goes to another channel: at once, and leaves its stations behind, or after some beacons that have
   * announced it, and takes them along. @returns which one it was on, or on its way to
   */
  setChannel(channel: number, announced: boolean): number;
  /** It has places for so many stations; who has one keeps it. @returns how many there were */
  setLimit(stations: number): number;
}

export interface WorldAccessPointParts {
  /** Counted from 0. */
  index: number;
  kernel: Timeline;
  accessPoint: AccessPoint;
  medium: Medium | null;
  /** That the boards have. */
  password: string;
  /** Of all boards, by their indices. */
  links: readonly WorldLink[];
  boards: readonly WorldBoard[];
}

export class WorldAccessPoint implements AccessPointControl {
  private readonly parts: WorldAccessPointParts;
  /** That it is on, or will be once it has announced it. */
  private channel: number;
  private changes = 0;

  constructor(parts: WorldAccessPointParts) {
    this.parts = parts;
    this.channel = parts.accessPoint.channel;
  }

  setPower(on: boolean): void {
    const { index, accessPoint, medium } = this.parts;
    if (accessPoint.on === on) return;
    accessPoint.setPower(on);
    medium?.setPower?.(index, on);
    this.cutOrHeal();
  }

  setPasswordChanged(on: boolean): void {
    const { accessPoint, password } = this.parts;
    accessPoint.setPassword(on ? `not ${password}` : password);
  }

  setChannel(channel: number, announced: boolean): number {
    const { kernel } = this.parts;
    const before = this.channel;
    const change = ++this.changes;
    this.channel = channel;
    const act = (): void => {
      if (change === this.changes) this.tune(announced);
    };
    if (announced) kernel.schedule(kernel.nowUs + CSA_BEACONS * BEACON_US, { onEvent: act }, null);
    else act();
    return before;
  }

  setLimit(stations: number): number {
    const { accessPoint } = this.parts;
    const before = accessPoint.limit;
    accessPoint.limit = stations;
    return before;
  }

  private tune(announced: boolean): void {
    const { index, accessPoint, medium } = this.parts;
    const { channel } = this;
    if (accessPoint.channel === channel) return;
    accessPoint.setChannel(channel, announced);
    medium?.setChannel?.(index, channel, announced);
    this.cutOrHeal();
  }

  /** The links of its stations. */
  private cutOrHeal(): void {
    const { index, accessPoint, links, boards } = this.parts;
    for (const [board, link] of links.entries()) {
      if (boards[board].accessPoint !== index) continue;
      link.setCut('ap', !accessPoint.on);
      link.setCut('channel', accessPoint.on && !boards[board].hears);
    }
  }
}
