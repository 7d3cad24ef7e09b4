/**
 * Gets the board onto its access point: `attempts` joins in a row with `delay_in_msec` between them, then it
 * gives up and says so.
 *
 * Needs neither the platform's callback nor its truth: a join has a deadline of its own, and between the two
 * the keeper looks whether the board is connected. When to start over after giving up, and what to do when
 * Wi-Fi is lost, is the channel's.
 */
import type { Hal, TimerId } from 'hal';

/**
 * One join, ms. 85 % of joins take under 5 s and 95 % under 10 s (Pei et al. 2017); an ESP32's slowest DHCP
 * adds seconds.
 */
export const JOIN_TIMEOUT_MS = 15000;
/**
 * How often a join without a word from the platform is looked at, ms. Espruino 2v29 never calls back on
 * failure.
 */
const JOIN_POLL_MS = 1000;

/** The original's keys and names, and the channel's. */
export interface WifiSettings {
  SSID: string;
  password: string;
  attempts: number;
  delay_in_msec: number;
  /** Failed connects in a row, answered by nobody, after which the board leaves and joins anew; 0 = never. */
  rejoin_after: number;
}

export interface WifiKeeperHandlers {
  wifiKeeperOnJoined(): void;
  /** All attempts failed; `reason` is the last one's, for people. */
  wifiKeeperOnFailed(reason: string): void;
}

export class WifiKeeper {
  private readonly hal: Hal;
  private readonly settings: WifiSettings;
  private readonly handlers: WifiKeeperHandlers;
  private timer: TimerId = 0;
  /** Counts joins for ever; a callback that belongs to an older one is late and ignored. */
  private join: number = 0;
  private attempt: number = 0;

  constructor(hal: Hal, settings: WifiSettings, handlers: WifiKeeperHandlers) {
    this.hal = hal;
    this.settings = settings;
    this.handlers = handlers;
  }

  /** Begins the first attempt. One handler is called later, once, never from within this call. */
  start(): void {
    this.attempt = 0;
    this.tryJoin();
  }

  private tryJoin(): void {
    const join = ++this.join;
    this.attempt++;
    this.timer = this.hal.clock.setTimeout(() => this.poll(JOIN_POLL_MS), JOIN_POLL_MS);
    this.hal.wifi.connect(this.settings.SSID, this.settings.password, (failure) => {
      if (join === this.join) this.end(failure);
    });
  }

  private poll(elapsedMs: number): void {
    if (this.hal.wifi.isConnected()) this.end(null);
    else if (elapsedMs >= JOIN_TIMEOUT_MS) this.end('no answer from the platform');
    else this.timer = this.hal.clock.setTimeout(() => this.poll(elapsedMs + JOIN_POLL_MS), JOIN_POLL_MS);
  }

  private end(failure: string | null): void {
    this.join++;
    this.hal.clock.clearTimeout(this.timer);
    this.timer = 0;
    if (failure === null) this.handlers.wifiKeeperOnJoined();
    else if (this.attempt >= this.settings.attempts) this.handlers.wifiKeeperOnFailed(failure);
    else this.timer = this.hal.clock.setTimeout(() => this.tryJoin(), this.settings.delay_in_msec);
  }
}
