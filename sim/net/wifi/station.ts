/**
 * A station of a network, as times and reasons: scanning, joining, DHCP, beacons that stop coming, what
 * sends it away, and where it goes then.
 *
 * Its times are those of its radio (parameters.ts). Access points have the level that somebody gave them
 * where it is (`setLevel`), else all are in reach of all. Not modelled: what a scan while joined costs,
 * roaming that keeps the address (802.11r). Loss on the link touches only DHCP's four packets; of 802.11's
 * own frames the level touches beacons (beacon-watch.ts) and what a scan finds.
 */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Handler } from '../../kernel/queue.ts';
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import type { AccessPoint, AssociatedStation } from './access-point.ts';
import { BeaconWatch } from './beacon-watch.ts';
import { Levels } from './levels.ts';
import type { RadioParameters } from './parameters.ts';
import { REASON } from './reason.ts';
import { DEFAULT_STATION, type StationSettings } from './station-settings.ts';

/** Of 2.4 GHz. */
const CHANNELS = 13;
/**
 * A returning access point does not know its stations and deauthenticates them at their next frame: within a
 * second, assumed.
 */
const DEAUTH_AFTER_REBOOT_MS = [100, 1000] as const;

/** Which keys an access point renews: those of one station, or those of all. */
export type RekeyedKey = 'pairwise' | 'group';

export interface StationParts {
  kernel: Timeline;
  /** Whose signal is the strongest where the station is. */
  accessPoint: AccessPoint;
  /** The others of the network; left out: none. */
  others?: readonly AccessPoint[];
  radio: RadioParameters;
  /** What it does by itself; left out: what an ESP32 does that nobody has set up. */
  settings?: StationSettings;
  random: RandomStream;
  /** For frames that a weak signal loses: a stream of its own, asked for once there is one. */
  signalLuck?: () => RandomStream;
  /** Packet loss that DHCP meets now, 0 to 1 per packet; 1 while the link is cut. */
  loss: () => number;
  /** It starts to join by itself. */
  onReconnect?: () => void;
  onJoined: (tookMs: number) => void;
  onFailed: (reason: string) => void;
  onLost: (reason: string) => void;
  /** It has found an access point to join, or is associated (`joined`) or no longer. */
  onMoved?: (accessPoint: AccessPoint, joined: boolean) => void;
}

type StationState = 'idle' | 'joining' | 'joined';

/** One board's station. One thing at a time is pending: a step of joining, or a disconnection that comes. */
export class Station implements Handler, AssociatedStation {
  private readonly parts: StationParts;
  private readonly settings: StationSettings;
  /** Which one it has joined, or joins, or joined last. */
  accessPoint: AccessPoint;
  private readonly network: readonly AccessPoint[];
  /** The strongest one. */
  private nearest: AccessPoint;
  private state: StationState = 'idle';
  private ticket = 0;
  private next: () => void = () => {};
  private isPending = false;
  private startedAtUs = 0;
  private credentials = { ssid: '', password: '' };
  private reconnectsLeft = 0;
  /** It joins by itself, with what it was given last. */
  private reconnecting = false;
  /** DHCP has no address left. */
  private dhcpExhausted = false;
  /** Its next access point is known from the one it leaves, so one channel is scanned. */
  private knowsNext = false;
  /** That it is on while it is joined. */
  private channel = 0;
  private readonly levels: Levels;
  private readonly beacons: BeaconWatch;
  private readonly roamTimer: LazyTimer;
  private signalStream: RandomStream | null = null;

  constructor(parts: StationParts) {
    const { kernel, radio, settings = DEFAULT_STATION } = parts;
    this.parts = parts;
    this.settings = settings;
    this.accessPoint = parts.accessPoint;
    this.nearest = parts.accessPoint;
    this.network = [parts.accessPoint, ...(parts.others ?? [])];
    this.levels = new Levels(radio, () => this.luck);
    this.beacons = new BeaconWatch(
      kernel,
      radio,
      () => this.luck,
      () => this.loseBeacons(),
    );
    this.roamTimer = new LazyTimer(kernel, () => this.lookAround());
    for (const accessPoint of this.network) accessPoint.add(this);
  }

  get joined(): boolean {
    return this.state === 'joined';
  }

  /** Its access point is on, and on its channel. */
  get hears(): boolean {
    return this.accessPoint.on && (this.state !== 'joined' || this.channel === this.accessPoint.channel);
  }

  /** Of its access point, dBm; undefined: nobody gave it one. */
  get levelDbm(): number | undefined {
    return this.levels.given(this.accessPoint);
  }

  /** How strong an access point is where the station is from now on, dBm; undefined: as its link says. */
  setLevel(accessPoint: AccessPoint, rssiDbm: number | undefined): void {
    this.levels.set(accessPoint, rssiDbm);
    this.heed();
  }

  /** The level that its link says. */
  setLinkLevel(rssiDbm: number | undefined): void {
    this.levels.linkDbm = rssiDbm;
    this.heed();
  }

  /**
   * Starts to join; one of onJoined and onFailed follows. An attempt that is under way is abandoned without a
   * word, unless it is its own.
   */
  join(ssid: string, password: string): void {
    const isSame = ssid === this.credentials.ssid && password === this.credentials.password;
    this.refill();
    if (this.reconnecting && isSame) return;
    this.credentials = { ssid, password };
    this.reconnecting = false;
    this.startedAtUs = this.parts.kernel.nowUs;
    this.attempt();
  }

  /** Whether DHCP has an address for it, from its next question on. */
  setDhcp(on: boolean): void {
    this.dhcpExhausted = !on;
  }

  /** Power is cut or the board resets: nobody is told. */
  off(): void {
    this.accessPoint.lose(this, this.parts.kernel.nowUs);
    this.setState('idle');
    this.knowsNext = false;
    this.reconnecting = false;
    this.reconnectsLeft = 0;
    this.forgetPending();
  }

  /**
   * The access point sends the station away: from its network, or in the middle of joining. One that is off
   * sends nothing, and one on another channel is not heard.
   */
  deauthenticate(reason: string): void {
    if (!this.hears) return;
    if (this.state === 'joined') this.lose(reason);
    else if (this.state === 'joining') this.fail(reason);
  }

  /**
   * The keys are renewed, and the station does not answer: after the last try it is sent away. Until then the
   * old ones do.
   */
  failRekey(key: RekeyedKey): void {
    if (this.state !== 'joined' || !this.hears || this.isPending) return;
    this.after(this.parts.radio.rekeyTimeoutMs, () => this.lose(key === 'group' ? REASON.groupKeyTimeout : REASON.handshakeTimeout));
  }

  /**
   * Leaves for an access point of the same network that has become the strongest, and whose channel it knows.
   * As ESP-IDF does it, that is a disconnection: the address is given up, lwIP aborts every connection, and
   * the firmware has to join again.
   * @param to left out: another one that is on, if there is any
   */
  roam(to?: AccessPoint): void {
    if (this.state !== 'joined' || !this.hears) return;
    this.nearest = to ?? this.anyOf(this.network.filter((one) => one.on && one !== this.accessPoint)) ?? this.accessPoint;
    this.knowsNext = true;
    this.lose(REASON.roaming);
  }

  onAccessPoint(on: boolean): void {
    const { radio } = this.parts;
    if (this.state === 'joined') this.watch();
    else if (this.state === 'joining' && !on) this.after(radio.fullScanMs, () => this.fail(REASON.noApFound));
  }

  /** Its access point has another channel. @param before that it had */
  onChannel(before: number, announced: boolean): void {
    const { accessPoint, parts } = this;
    if (this.state === 'joined') {
      if (announced && accessPoint.on && this.channel === before) this.channel = accessPoint.channel;
      else this.watch();
    } else if (this.state === 'joining' && !announced && accessPoint.on)
      this.after(parts.radio.authTimeoutMs, () => this.fail(REASON.authExpire));
  }

  onEvent(ticket: unknown): void {
    if (ticket !== this.ticket) return;
    this.isPending = false;
    this.next();
  }

  private attempt(): void {
    const { radio, random } = this.parts;
    const { ssid, password } = this.credentials;
    if (this.joined) this.accessPoint.forget(this);
    this.setState('joining');
    const channels = 1 + Math.floor(random.next() * CHANNELS);
    const fastMs = radio.scanDwellMs * (this.knowsNext ? 1 : channels);
    const scanMs = this.settings.scan === 'all' && !this.knowsNext ? radio.fullScanMs : fastMs;
    const accessPoint = this.found();
    this.knowsNext = false;
    if (accessPoint === null || ssid !== accessPoint.ssid) {
      this.after(radio.fullScanMs, () => this.fail(REASON.noApFound));
      return;
    }
    this.accessPoint = accessPoint;
    this.heed();
    this.parts.onMoved?.(accessPoint, false);
    const associatedMs = scanMs + radio.pskMs + random.between(...radio.associationMs);
    if (!accessPoint.isPassword(password)) {
      this.after(associatedMs + radio.fourWayTimeoutMs, () => this.fail(REASON.handshakeTimeout));
      return;
    }
    this.after(associatedMs + random.between(...radio.fourWayMs), () => this.associated());
  }

  /**
   * Who is refused a place is told so when it asks for one, some milliseconds before the keys; that is left
   * aside.
   */
  private associated(): void {
    if (this.accessPoint.admit(this, this.parts.kernel.nowUs)) this.discover(0);
    else this.fail(REASON.tooMany);
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
    const { kernel, onJoined } = this.parts;
    this.channel = this.accessPoint.channel;
    this.reconnecting = false;
    this.refill();
    this.setState('joined');
    onJoined((kernel.nowUs - this.startedAtUs) / 1000);
  }

  /** Of failures after which it tries again by itself the firmware does not hear. */
  private fail(reason: string): void {
    this.accessPoint.forget(this);
    this.setState('idle');
    this.forgetPending();
    if (this.reconnectsLeft > 0) this.reconnect();
    else {
      this.reconnecting = false;
      this.parts.onFailed(reason);
    }
  }

  private reconnect(): void {
    this.reconnectsLeft--;
    if (!this.reconnecting) this.startedAtUs = this.parts.kernel.nowUs;
    this.reconnecting = true;
    this.parts.onReconnect?.();
    this.attempt();
  }

  private refill(): void {
    this.reconnectsLeft = this.settings.reconnects ?? Number.POSITIVE_INFINITY;
  }

  private lose(reason: string): void {
    this.accessPoint.forget(this);
    this.end(reason);
  }

  /** The access point hears nothing of it. */
  private loseBeacons(): void {
    this.accessPoint.lose(this, this.parts.kernel.nowUs);
    this.end(REASON.beaconTimeout);
  }

  private end(reason: string): void {
    this.setState('idle');
    this.forgetPending();
    this.parts.onLost(reason);
    if (this.reconnectsLeft > 0 && this.state === 'idle') this.reconnect();
  }

  /** What is to come for one that has joined, after its access point has changed. */
  private watch(): void {
    const { radio, random } = this.parts;
    if (!this.hears) this.after(radio.beaconLossMs, () => this.loseBeacons());
    else if (this.accessPoint.knows(this)) this.forgetPending();
    else this.after(random.between(...DEAUTH_AFTER_REBOOT_MS), () => this.lose(REASON.class3Frame));
  }

  private setState(state: StationState): void {
    const { joined } = this;
    this.state = state;
    if (joined === this.joined) return;
    if (this.joined) {
      this.beacons.start();
      if (this.settings.roamDb !== null) this.lookAroundLater();
    } else {
      this.beacons.stop();
      this.roamTimer.disarm();
    }
    this.parts.onMoved?.(this.accessPoint, this.joined);
  }

  /** What a scan finds and takes; null: nothing. */
  private found(): AccessPoint | null {
    const heard = this.levels.heardOf(this.network);
    if (this.levels.known && !this.knowsNext) return this.levels.best(heard, this.settings.scan);
    return heard.includes(this.nearest) ? this.nearest : this.anyOf(heard);
  }

  private heed(): void {
    this.beacons.setLevel(this.levelDbm ?? this.levels.linkDbm);
  }

  private lookAroundLater(): void {
    const { kernel, radio } = this.parts;
    this.roamTimer.arm(kernel.nowUs + usFromMs(radio.roamScanMs));
  }

  /** Leaves for an access point that is so much stronger. */
  private lookAround(): void {
    const { roamDb } = this.settings;
    const ownDbm = this.levels.of(this.accessPoint);
    this.lookAroundLater();
    if (roamDb === null || !this.hears || ownDbm >= this.parts.radio.roamBelowDbm) return;
    const heard = this.levels.heardOf(this.network.filter((one) => one !== this.accessPoint));
    const strongest = this.levels.best(heard, 'all');
    if (strongest !== null && this.levels.of(strongest) >= ownDbm + roamDb) this.roam(strongest);
  }

  /** Which of them is the strongest somewhere, nobody knows. */
  private anyOf(accessPoints: readonly AccessPoint[]): AccessPoint | null {
    if (accessPoints.length < 2) return accessPoints[0] ?? null;
    return accessPoints[Math.floor(this.parts.random.next() * accessPoints.length)];
  }

  private get luck(): RandomStream {
    this.signalStream ??= this.parts.signalLuck?.() ?? this.parts.random;
    return this.signalStream;
  }

  private after(ms: number, next: () => void): void {
    const { kernel } = this.parts;
    this.next = next;
    this.isPending = true;
    this.ticket++;
    kernel.schedule(kernel.nowUs + usFromMs(ms), this, this.ticket);
  }

  private forgetPending(): void {
    this.isPending = false;
    this.ticket++;
  }
}
