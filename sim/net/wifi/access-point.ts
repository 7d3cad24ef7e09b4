/**
 * An access point of a network: its power, its password, its channel, and the stations that it knows.
 *
 * Who is associated has a place at it until it leaves or is sent away; one that falls silent keeps its
 * place for a while. All are in reach of all, unless a level says otherwise (station.ts).
 */
/**
 * After which a silent station is forgotten, µs: `ap_max_inactivity` of hostapd, and ESP-IDF's own for its
 * soft AP.
 */
const FORGETS_AFTER_US = 300_000_000;

/** "The sender is leaving", IEEE 802.11. */
const DEAUTH_LEAVE = '3';

/** A station, as access points know it. */
export interface AssociatedStation {
  /** Which one it has joined, or joins, or joined last. */
  readonly accessPoint: AccessPoint;
  /** Its access point is on or off. */
  onAccessPoint(on: boolean): void;
  /** Its access point has another channel. @param before that it had */
  onChannel(before: number, announced: boolean): void;
  deauthenticate(reason: string): void;
}

export interface AccessPointParts {
  ssid: string;
  password: string;
  /** Left out: 1. */
  channel?: number;
}

export class AccessPoint {
  readonly ssid: string;
  /** All that may join it, in the order in which they were made. */
  private readonly stations: AssociatedStation[] = [];
  /** Until when each that it knows has its place, µs. */
  private readonly known = new Map<AssociatedStation, number>();
  private password: string;
  private powered = true;
  private number: number;
  /** Stations that have a place at a time. */
  limit = Number.POSITIVE_INFINITY;

  constructor({ ssid, password, channel = 1 }: AccessPointParts) {
    this.ssid = ssid;
    this.password = password;
    this.number = channel;
  }

  get on(): boolean {
    return this.powered;
  }

  get channel(): number {
    return this.number;
  }

  isPassword(password: string): boolean {
    return password === this.password;
  }

  add(station: AssociatedStation): void {
    this.stations.push(station);
  }

  /** Gives a station its place. @returns whether there is one */
  admit(station: AssociatedStation, nowUs: number): boolean {
    if (this.limit < Number.POSITIVE_INFINITY && !this.known.has(station)) {
      for (const [other, untilUs] of this.known) if (untilUs <= nowUs) this.known.delete(other);
      if (this.known.size >= this.limit) return false;
    }
    this.known.set(station, Number.POSITIVE_INFINITY);
    return true;
  }

  knows(station: AssociatedStation): boolean {
    return this.known.has(station);
  }

  /** The station has left, and it has heard of that. */
  forget(station: AssociatedStation): void {
    this.known.delete(station);
  }

  /** The station is gone, without a word. */
  lose(station: AssociatedStation, nowUs: number): void {
    if (this.known.has(station)) this.known.set(station, nowUs + FORGETS_AFTER_US);
  }

  setPower(on: boolean): void {
    if (this.powered === on) return;
    this.powered = on;
    this.known.clear();
    for (const station of this.ownStations) station.onAccessPoint(on);
  }

  /** @param announced its beacons have said so: its stations come along */
  setChannel(channel: number, announced: boolean): void {
    const before = this.number;
    if (before === channel) return;
    this.number = channel;
    for (const station of this.ownStations) station.onChannel(before, announced);
  }

  /**
   * With a new password the network starts anew: who is there is sent away, and is not let in again with the
   * old one.
   */
  setPassword(password: string): void {
    if (this.password === password) return;
    this.password = password;
    for (const station of this.ownStations) station.deauthenticate(DEAUTH_LEAVE);
  }

  private get ownStations(): AssociatedStation[] {
    return this.stations.filter(({ accessPoint }) => accessPoint === this);
  }
}
