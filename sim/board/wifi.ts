/**
 * A board's Wi-Fi as its firmware has it: a station (net/wifi/station.ts) that is told to join, and says what
 * became of it as the platform does.
 */
import type { PowerSaveMode, Wifi } from 'hal';
import { checkPowerSave } from 'hal/limits';
import { Station, type StationParts } from '../net/wifi/station.ts';
import type { Activity } from './activity.ts';
import type { Cpu } from './cpu.ts';
import type { BoardLog } from './log.ts';

/** How firmware wants its radio to save power. */
export interface RadioSaving {
  mode: PowerSaveMode;
  /** That the station announced when it joined; left out: the platform's. */
  listenInterval?: number;
}

export interface BoardWifiParts extends Omit<StationParts, 'onReconnect' | 'onJoined' | 'onFailed' | 'onLost'> {
  cpu: Cpu;
  say: BoardLog['say'];
  /** That its network gives it. */
  address: string;
  /** A join that fails never calls back. */
  joinFailureIsSilent: boolean;
  /** The firmware's join has begun. */
  onJoin: () => void;
  /** The address is given up, and no RST can leave. */
  onAddressLost: () => void;
  /** null: as the platform does that nobody told anything. */
  onSaving?: (saving: RadioSaving | null) => void;
}

export class BoardWifi implements Wifi {
  readonly station: Station;
  private readonly parts: BoardWifiParts;
  /** Who hears of its radio; null: nobody. */
  activity: Activity | null = null;
  /** What firmware asked for since the boot; null: nothing. */
  private saving: RadioSaving | null = null;
  /** Of its last word; the next join announces it. */
  private nextInterval: number | undefined;
  private joinDone: ((failure: string | null) => void) | null = null;
  private lostHandler: (reason: string) => void = () => {};

  constructor(parts: BoardWifiParts) {
    this.parts = parts;
    this.station = new Station({
      ...parts,
      onReconnect: () => this.tellJoin(),
      onJoined: (tookMs) => this.onJoined(tookMs),
      onFailed: (reason) => this.onFailed(reason),
      onLost: (reason) => this.onLost(reason),
    });
  }

  connect(ssid: string, password: string, done: (failure: string | null) => void): void {
    this.joinDone = done;
    // Who joins anew leaves first.
    if (this.station.joined) this.parts.onAddressLost();
    this.tellJoin();
    this.station.join(ssid, password);
    this.parts.onJoin();
  }

  isConnected(): boolean {
    return this.station.joined;
  }

  rssi(): number | null {
    return this.station.joined ? (this.station.levelDbm ?? null) : null;
  }

  address(): string {
    return this.station.joined ? this.parts.address : '';
  }

  powerSave(mode: PowerSaveMode, listenInterval?: number): void {
    checkPowerSave(mode, listenInterval);
    this.parts.say('wifi.power_save', mode, '', listenInterval ?? 0);
    this.nextInterval = listenInterval;
    this.save({ ...this.saving, mode });
  }

  onDisconnected(handler: (reason: string) => void): void {
    this.lostHandler = handler;
  }

  /** The radio is off: a network that was joined is lost, and the firmware hears why. */
  leave(reason: string): void {
    const { joined } = this.station;
    this.station.off();
    if (joined) this.onLost(reason);
  }

  /** Power is cut or the board resets: nobody is told. */
  reset(): void {
    this.joinDone = null;
    this.lostHandler = () => {};
    this.station.off();
    if (this.saving === null) return;
    this.saving = null;
    this.parts.onSaving?.(null);
  }

  private save({ mode, listenInterval }: RadioSaving): void {
    this.saving = listenInterval === undefined ? { mode } : { mode, listenInterval };
    this.parts.onSaving?.(this.saving);
  }

  private tellJoin(): void {
    if (this.saving !== null) this.save({ mode: this.saving.mode, listenInterval: this.nextInterval });
    this.parts.say('wifi.join', '', '', 0);
    this.activity?.radio('joining', this.parts.kernel.nowUs);
  }

  private onJoined(tookMs: number): void {
    this.parts.say('wifi.joined', '', '', tookMs);
    this.activity?.radio('joined', this.parts.kernel.nowUs);
    this.finishJoin(null);
  }

  private onFailed(reason: string): void {
    this.parts.say('wifi.failed', '', reason, 0);
    this.activity?.radio('off', this.parts.kernel.nowUs);
    if (this.parts.joinFailureIsSilent) this.joinDone = null;
    else this.finishJoin(reason);
  }

  private finishJoin(failure: string | null): void {
    const done = this.joinDone;
    this.joinDone = null;
    if (done) this.parts.cpu.run({ execute: () => done(failure) });
  }

  /** lwIP gives up every connection of an interface that lost its address. */
  private onLost(reason: string): void {
    this.parts.say('wifi.lost', '', reason, 0);
    this.activity?.radio('off', this.parts.kernel.nowUs);
    this.parts.onAddressLost();
    this.parts.cpu.run({ execute: () => this.lostHandler(reason) });
  }
}
