/**
 * An access point and its stations, as times and reasons: scanning, joining, DHCP, beacons that stop coming.
 *
 * A station's times are those of its radio (parameters.ts). Not modelled: channels shared with others, a scan for a better access point, roaming that keeps the
 * address (802.11r). Loss on the link touches only DHCP's four packets; beacons and 802.11 frames have their own retries.
 */
import type { Handler } from '../../kernel/queue.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { Medium } from './medium.ts';
import type { RadioParameters } from './parameters.ts';

/** Of 2.4 GHz. */
const CHANNELS = 13;
/** A returning access point does not know its stations and deauthenticates them at their next frame: within a second, assumed. */
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
  /** What its stations share; left out: each has an air of its own. */
  medium?: Medium;
}

export class AccessPoint {
  readonly ssid: string;
  readonly medium: Medium | null;
  private readonly stations: Station[] = [];
  private password: string;
  private powered = true;

  constructor({ ssid, password, medium }: AccessPointParts) {
    this.ssid = ssid;
    this.password = password;
    this.medium = medium ?? null;
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
    for (const station of this.stations) station.onAccessPoint(on);
  }

  /** With a new password the network starts anew: who is there is sent away, and is not let in again with the old one. */
  setPassword(password: string): void {
    if (this.password === password) return;
    this.password = password;
    for (const station of this.stations) station.deauthenticate(REASON.deauthLeave);
  }
}

export interface StationParts {
  kernel: Timeline;
  accessPoint: AccessPoint;
  radio: RadioParameters;
  random: RandomStream;
  /** Packet loss that DHCP meets now, 0 to 1 per packet; 1 while the link is cut. */
  loss: () => number;
  onJoined: (tookMs: number) => void;
  onFailed: (reason: string) => void;
  onLost: (reason: string) => void;
}

type StationState = 'idle' | 'joining' | 'joined';

/** One board's station. One thing at a time is pending: a step of joining, or a disconnection that comes. */
export class Station implements Handler {
  private readonly parts: StationParts;
  private state: StationState = 'idle';
  private ticket = 0;
  private next: () => void = () => {};
  private startedAtUs = 0;
  /** Its next access point is known from the one it leaves, so one channel is scanned. */
  private knowsNext = false;

  constructor(parts: StationParts) {
    this.parts = parts;
    parts.accessPoint.add(this);
  }

  get joined(): boolean {
    return this.state === 'joined';
  }

  /** Starts to join; one of onJoined and onFailed follows. An attempt that is under way is abandoned without a word. */
  join(ssid: string, password: string): void {
    const { accessPoint, kernel, radio, random } = this.parts;
    this.state = 'joining';
    this.startedAtUs = kernel.nowUs;
    const channels = 1 + Math.floor(random.next() * CHANNELS);
    const scanMs = radio.scanDwellMs * (this.knowsNext ? 1 : channels);
    this.knowsNext = false;
    if (!accessPoint.on || ssid !== accessPoint.ssid) {
      this.after(radio.fullScanMs, () => this.fail(REASON.noApFound));
      return;
    }
    const associatedMs = scanMs + radio.pskMs + random.between(...radio.associationMs);
    if (!accessPoint.isPassword(password)) {
      this.after(associatedMs + radio.fourWayTimeoutMs, () => this.fail(REASON.handshakeTimeout));
      return;
    }
    this.after(associatedMs + random.between(...radio.fourWayMs), () => this.requestAddress());
  }

  /** Power is cut or the board resets: nobody is told. */
  off(): void {
    this.state = 'idle';
    this.knowsNext = false;
    this.ticket++;
  }

  /** The access point sends the station away: from its network, or in the middle of joining. One that is off sends nothing. */
  deauthenticate(reason: string): void {
    if (!this.parts.accessPoint.on) return;
    if (this.state === 'joined') this.lose(reason);
    else if (this.state === 'joining') this.fail(reason);
  }

  /**
   * Leaves for another access point of the same network, whose channel it knows. As ESP-IDF does it, that is a disconnection: the address is
   * given up, lwIP aborts every connection, and the firmware has to join again.
   */
  roam(): void {
    if (this.state !== 'joined' || !this.parts.accessPoint.on) return;
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
    this.state = 'joined';
    this.parts.onJoined((this.parts.kernel.nowUs - this.startedAtUs) / 1000);
  }

  private fail(reason: string): void {
    this.state = 'idle';
    this.ticket++;
    this.parts.onFailed(reason);
  }

  private lose(reason: string): void {
    this.state = 'idle';
    this.ticket++;
    this.parts.onLost(reason);
  }

  private after(ms: number, next: () => void): void {
    const { kernel } = this.parts;
    this.next = next;
    this.ticket++;
    kernel.schedule(kernel.nowUs + usFromMs(ms), this, this.ticket);
  }
}
