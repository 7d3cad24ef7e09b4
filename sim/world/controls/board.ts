/** A board from outside: what somebody beside it can do, or its access point to its station. */
import type { Level } from 'hal';
import type { Board } from '../../board/board.ts';
import type { Leak } from '../../board/memory/memory.ts';
import type { DnsSettings } from '../../board/names/resolver.ts';
import type { Firmware } from '../../board/runtime.ts';
import type { Supply } from '../../board/supply.ts';
import type { AccessPoint } from '../../net/wifi/access-point.ts';
import type { RekeyedKey } from '../../net/wifi/station.ts';
import type { WorldLink } from './link.ts';
import { type PeripheralControl, WorldPeripherals } from './peripherals.ts';

/** What an access point can do to a board's station. */
export interface StationControl {
  /** Which one it has joined, or joins, or joined last, counted from 0. */
  readonly accessPoint: number;
  /** The access point sends it away, with this reason code of 802.11. */
  deauthenticate(reason: number): void;
  /** The access point renews its keys, and it does not answer: it is sent away some seconds later. */
  failRekey(key: RekeyedKey): void;
}

export interface BoardControl extends StationControl {
  /** What is connected to it. */
  readonly peripherals: PeripheralControl;
  /** The group of the fleet whose firmware it runs; '' where there are none. */
  readonly group: string;
  /** Its station's access point is on, and on its channel. */
  readonly hears: boolean;
  /** It starts anew from flash; its sockets are gone without a word. */
  reset(): void;
  /** Is given the firmware and config of that group by cable, and boots it. */
  install(group: string): void;
  /** Takes its power, or gives it back. */
  setPower(on: boolean): void;
  /** Its app sends so many messages of so many bytes, one right after the other. */
  burst(messages: number, bytes: number): void;
  /** Its calendar says this, ms since 1970, from now on; null: what it says at power-on. */
  setClock(epochMs: number | null): void;
  /** What its supply does at a transmit peak. @returns what it did before */
  setSupply(supply: Supply): Supply;
  /** What its firmware keeps that it should give back. @returns what it was before */
  setLeak(leak: Leak): Leak;
  /** Whether anybody answers its questions for names. */
  setResolver(on: boolean): void;
  /** Changes what its name server says. @returns what it was */
  changeDns(settings: Partial<DnsSettings>): Partial<DnsSettings>;
  /** Whether DHCP has an address for it when it joins. */
  setDhcp(on: boolean): void;
  /**
   * Its station leaves for another access point of its network: a disconnection for the firmware, then a
   * shorter join. @param to left out: any that is on
   */
  roam(to?: number): void;
  /**
   * Changes how strong access points are where it is, dBm by their indices; undefined: as its link says.
   * @returns what it was
   */
  changeLevels(levels: Levels): Levels;
  pinLevel(pin: number): Level;
  /** The pulses that it drives a pin with; null: none. */
  pwmOf(pin: number): { duty: number; frequencyHz: number } | null;
  /** Called for each pin that it drives from now on; null: no longer. */
  watchPins(listener: ((pin: number, level: Level) => void) | null): void;
}

export type Levels = Readonly<Record<number, number | undefined>>;

export class WorldBoard implements BoardControl {
  readonly peripherals: WorldPeripherals;
  private readonly board: Board;
  private readonly link: WorldLink;
  private readonly accessPoints: readonly AccessPoint[];
  private readonly firmwareOf: (group: string) => Firmware;
  private levels: Levels = {};

  /** @param firmwareOf what a group of the fleet runs, as this board has it */
  constructor(board: Board, link: WorldLink, accessPoints: readonly AccessPoint[], firmwareOf: (group: string) => Firmware) {
    this.board = board;
    this.firmwareOf = firmwareOf;
    this.peripherals = new WorldPeripherals(board);
    this.link = link;
    this.accessPoints = accessPoints;
  }

  get accessPoint(): number {
    return this.accessPoints.indexOf(this.board.station.accessPoint);
  }

  get group(): string {
    return this.board.group;
  }

  get hears(): boolean {
    return this.board.station.hears;
  }

  reset(): void {
    this.board.boot();
  }

  install(group: string): void {
    this.board.install(this.firmwareOf(group));
  }

  setPower(on: boolean): void {
    if (on) this.board.boot();
    else this.board.powerOff();
  }

  burst(messages: number, bytes: number): void {
    this.board.burst(messages, bytes);
  }

  setClock(epochMs: number | null): void {
    this.board.wallClock.setByStep(epochMs);
  }

  setSupply(supply: Supply): Supply {
    const before = this.board.supply;
    this.board.supply = supply;
    return before;
  }

  setLeak(leak: Leak): Leak {
    return this.board.memory.setLeak(leak);
  }

  setResolver(on: boolean): void {
    this.board.net.resolver.down = !on;
  }

  changeDns(settings: Partial<DnsSettings>): Partial<DnsSettings> {
    return this.board.net.resolver.change(settings);
  }

  setDhcp(on: boolean): void {
    this.board.station.setDhcp(on);
  }

  deauthenticate(reason: number): void {
    this.board.station.deauthenticate(String(reason));
  }

  roam(to?: number): void {
    this.board.station.roam(to === undefined ? undefined : this.accessPoints[to]);
  }

  failRekey(key: RekeyedKey): void {
    this.board.station.failRekey(key);
  }

  changeLevels(levels: Levels): Levels {
    const before = Object.fromEntries(Object.keys(levels).map((index) => [index, this.levels[Number(index)]]));
    this.levels = { ...this.levels, ...levels };
    for (const [index, rssiDbm] of Object.entries(levels)) this.board.station.setLevel(this.accessPoints[Number(index)], rssiDbm);
    this.link.heedSignal();
    return before;
  }

  pinLevel(pin: number): Level {
    return this.board.bench.pins.read(pin);
  }

  pwmOf(pin: number) {
    return this.board.bench.pins.pwmOf(pin);
  }

  watchPins(listener: ((pin: number, level: Level) => void) | null): void {
    this.board.bench.pins.listen(listener);
  }
}
