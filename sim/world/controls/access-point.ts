/** An access point from outside: its power and its password. */
import type { Medium } from '../../net/wifi/medium.ts';
import type { AccessPoint } from '../../net/wifi/station.ts';
import type { WorldBoard } from './board.ts';
import type { WorldLink } from './link.ts';

export interface AccessPointControl {
  /** It loses its power, or comes back after its boot. */
  setPower(on: boolean): void;
  /**
   * The network's password is another one here than the boards have, or theirs again. Who has joined is sent
   * away.
   */
  setPasswordChanged(on: boolean): void;
}

export interface WorldAccessPointParts {
  /** Counted from 0. */
  index: number;
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

  constructor(parts: WorldAccessPointParts) {
    this.parts = parts;
  }

  setPower(on: boolean): void {
    const { index, accessPoint, medium, links, boards } = this.parts;
    if (accessPoint.on === on) return;
    accessPoint.setPower(on);
    medium?.setPower?.(index, on);
    for (const [board, link] of links.entries()) if (boards[board].accessPoint === index) link.setCut('ap', !on);
  }

  setPasswordChanged(on: boolean): void {
    const { accessPoint, password } = this.parts;
    accessPoint.setPassword(on ? `not ${password}` : password);
  }
}
