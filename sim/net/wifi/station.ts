/**
 * Access points of a network and its stations, as times and reasons: scanning, joining, DHCP, beacons that
 * stop coming. All are in reach of all.
 *
 * A station's times are those of its radio (parameters.ts). Not modelled: a scan for a better access point
 * while joined, roaming that keeps the address (802.11r). Loss on the link touches only DHCP's four packets;
 * beacons and 802.11 frames have their own retries.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { RadioParameters } from './parameters.ts';

/** Of 2.4 GHz. */
const CHANNELS = 13;
/**
 * A returning access point does not know its stations and deauthenticates them at their next frame: within a
 * second, assumed.
 */
const DEAUTH_AFTER_REBOOT_MS = [100, 1000] as const;

/** Disconnect reasons of ESP-IDF. */
const REASON = {
  deauthLeave: '3',
  class3Frame: '7',
  handshakeTimeout: '15',
  beaconTimeout: '200',
  noApFound: '201',
  roaming: '207',
  dhcp: 'dhcp timeout',
} as const;

export interface AccessPointParts {
  ssid: string;
  password: string;
}

export class AccessPoint {
  readonly ssid: string;
  /** All that may join it, in the order in which they were made. */
  private readonly stations: Station[] = [];
  private password: string;
  private powered = true;

  constructor({ ssid, password }: AccessPointParts) {
    this.ssid = ssid;
    this.password = password;
  }

  get on(): boolean {
    return this.powered;
  }

  isPassword(password: string): boolean {
    return password === this.password;
  }

  add(station: Station): void {
    this.stations.push(station);
  }

  setPower(on: boolean): void {
    if (this.powered === on) return;
    this.powered = on;
    for (const station of this.ownStations) station.onAccessPoint(on);
  }

  /**
   * With a new password the network starts anew: who is there is sent away, and is not let in again with the
   * old one.
   */
  setPassword(password: string): void {
    if (this.password === password) return;
    this.password = password;
    for (const station of this.ownStations) station.deauthenticate(REASON.deauthLeave);
  }

  private get ownStations(): Station[] {
    return this.stations.filter(({ accessPoint }) => accessPoint === this);
  }
}

export interface StationParts {
  kernel: Timeline;
  /** Whose signal is the strongest where the station is. */
  accessPoint: AccessPoint;
  /** The others of the network; left out: none. */
  others?: readonly AccessPoint[];
  radio: RadioParameters;
  random: RandomStream;
  /** Packet loss that DHCP meets now, 0 to 1 per packet; 1 while the link is cut. */
  loss: () => number;
  onJoined: (tookMs: number) => void;
  onFailed: (reason: string) => void;
  onLost: (reason: string) => void;
  /** It has found an access point to join, or is associated (`joined`) or no longer. */
  onMoved?: (accessPoint: AccessPoint, joined: boolean) => void;
}

type StationState = 'idle' | 'joining' | 'joined';

/** One board's station. One thing at a time is pending: a step of joining, or a disconnection that comes. */
export class Station implements Handler {
  private readonly parts: StationParts;
  /** Which one it has joined, or joins, or joined last. */
  accessPoint: AccessPoint;
  private readonly network: readonly AccessPoint[];
  /** The strongest one. */
  private nearest: AccessPoint;
  private state: StationState = 'idle';
  private ticket = 0;
  private next: () => void = () => {};
  private startedAtUs = 0;
  /** DHCP has no address left. */
  private dhcpExhausted = false;
  /** Its next access point is known from the one it leaves, so one channel is scanned. */
  private knowsNext = false;

  constructor(parts: StationParts) {
    this.parts = parts;
    this.accessPoint = parts.accessPoint;
    this.nearest = parts.accessPoint;
    this.network = [parts.accessPoint, ...(parts.others ?? [])];
    for (const accessPoint of this.network) accessPoint.add(this);
  }

  get joined(): boolean {
    return this.state === 'joined';
  }

  /**
   * Starts to join; one of onJoined and onFailed follows. An attempt that is under way is abandoned without a
   * word.
   */
  join(ssid: string, password: string): void {
    const { kernel, radio, random } = this.parts;
    this.setState('joining');
    this.startedAtUs = kernel.nowUs;
    const channels = 1 + Math.floor(random.next() * CHANNELS);
    const scanMs = radio.scanDwellMs * (this.knowsNext ? 1 : channels);
    this.knowsNext = false;
    const accessPoint = this.strongest();
    if (accessPoint === null || ssid !== accessPoint.ssid) {
      this.after(radio.fullScanMs, () => this.fail(REASON.noApFound));
      return;
    }
    this.accessPoint = accessPoint;
    this.parts.onMoved?.(accessPoint, false);
    const associatedMs = scanMs + radio.pskMs + random.between(...radio.associationMs);
    if (!accessPoint.isPassword(password)) {
      this.after(associatedMs + radio.fourWayTimeoutMs, () => this.fail(REASON.handshakeTimeout));
      return;
    }
    this.after(associatedMs + random.between(...radio.fourWayMs), () => this.discover(0));
  }

  /** Whether DHCP has an address for it, from its next question on. */
  setDhcp(on: boolean): void {
    this.dhcpExhausted = !on;
  }

  /** Power is cut or the board resets: nobody is told. */
  off(): void {
    this.setState('idle');
    this.knowsNext = false;
    this.ticket++;
  }

  /**
   * The access point sends the station away: from its network, or in the middle of joining. One that is off
   * sends nothing.
   */
  deauthenticate(reason: string): void {
    if (!this.accessPoint.on) return;
    if (this.state === 'joined') this.lose(reason);
    else if (this.state === 'joining') this.fail(reason);
  }

  /**
   * Leaves for an access point of the same network that has become the strongest, and whose channel it knows.
   * As ESP-IDF does it, that is a disconnection: the address is given up, lwIP aborts every connection, and
   * the firmware has to join again.
   * @param to left out: another one that is on, if there is any
   */
  roam(to?: AccessPoint): void {
    if (this.state !== 'joined' || !this.accessPoint.on) return;
    this.nearest = to ?? this.anyOf(this.network.filter((one) => one.on && one !== this.accessPoint)) ?? this.accessPoint;
    this.knowsNext = true;
    this.lose(REASON.roaming);
  }

  onAccessPoint(on: boolean): void {
    const { radio, random } = this.parts;
    if (this.state === 'joined') {
      if (on) this.after(random.between(...DEAUTH_AFTER_REBOOT_MS), () => this.lose(REASON.class3Frame));
      else this.after(radio.beaconLossMs, () => this.lose(REASON.beaconTimeout));
    } else if (this.state === 'joining' && !on) {
      this.after(radio.fullScanMs, () => this.fail(REASON.noApFound));
    }
  }

  onEvent(ticket: unknown): void {
    if (ticket === this.ticket) this.next();
  }

  /** lwIP asks on until it is answered, the later times after the same wait (dhcp.c, dhcp_discover). */
  private discover(tries: number): void {
    const { dhcpResendMs } = this.parts.radio;
    if (this.dhcpExhausted) this.after(dhcpResendMs[Math.min(tries, dhcpResendMs.length - 1)], () => this.discover(tries + 1));
    else this.requestAddress();
  }

  private requestAddress(): void {
    const { random, loss, radio } = this.parts;
    let ms = random.between(...radio.dhcpMs);
    const lossRate = loss();
    for (let exchange = 0; exchange < 2; exchange++) {
      let tries = 0;
      while (random.next() < 1 - (1 - lossRate) ** 2) {
        ms += radio.dhcpResendMs[tries++];
        if (tries < radio.dhcpResendMs.length) continue;
        this.after(ms, () => this.fail(REASON.dhcp));
        return;
      }
    }
    this.after(ms, () => this.succeed());
  }

  private succeed(): void {
    this.setState('joined');
    this.parts.onJoined((this.parts.kernel.nowUs - this.startedAtUs) / 1000);
  }

  private fail(reason: string): void {
    this.setState('idle');
    this.ticket++;
    this.parts.onFailed(reason);
  }

  private lose(reason: string): void {
    this.setState('idle');
    this.ticket++;
    this.parts.onLost(reason);
  }

  private setState(state: StationState): void {
    const { joined } = this;
    this.state = state;
    if (joined !== this.joined) this.parts.onMoved?.(this.accessPoint, this.joined);
  }

  /** What a scan finds; null: nothing. */
  private strongest(): AccessPoint | null {
    return this.nearest.on ? this.nearest : this.anyOf(this.network.filter(({ on }) => on));
  }

  /** Which of them is the strongest somewhere, nobody knows. */
  private anyOf(accessPoints: readonly AccessPoint[]): AccessPoint | null {
    if (accessPoints.length < 2) return accessPoints[0] ?? null;
    return accessPoints[Math.floor(this.parts.random.next() * accessPoints.length)];
  }

  private after(ms: number, next: () => void): void {
    const { kernel } = this.parts;
    this.next = next;
    this.ticket++;
    kernel.schedule(kernel.nowUs + usFromMs(ms), this, this.ticket);
  }
}
