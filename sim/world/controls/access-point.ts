/** An access point from outside: its power and its password. */
import type { AccessPoint } from '../../net/wifi/station.ts';
import type { WorldLink } from './link.ts';

export interface AccessPointControl {
  /** It loses its power, or comes back after its boot. */
  setPower(on: boolean): void;
  /** The network's password is another one than the boards have, or theirs again. Who has joined is sent away. */
  setPasswordChanged(on: boolean): void;
}

export class WorldAccessPoint implements AccessPointControl {
  private readonly accessPoint: AccessPoint;
  private readonly password: string;
  private readonly links: readonly WorldLink[];

  /** @param password that the boards have @param links of its stations */
  constructor(accessPoint: AccessPoint, password: string, links: readonly WorldLink[]) {
    this.accessPoint = accessPoint;
    this.password = password;
    this.links = links;
  }

  setPower(on: boolean): void {
    if (this.accessPoint.on === on) return;
    this.accessPoint.setPower(on);
    for (const link of this.links) link.setCut('ap', !on);
  }

  setPasswordChanged(on: boolean): void {
    this.accessPoint.setPassword(on ? `not ${this.password}` : this.password);
  }
}
