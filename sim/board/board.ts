/**
 * One virtual board: CPU, radio, flash, pins, and the firmware that runs on it (runtime.ts).
 *
 * What the device is like is in profiles/. When its radio sleeps between beacons, the link says
 * (net/rules/power-save.ts); what that saves is in energy/.
 */
import type { ResetReason } from 'hal';
import { BoardStopped } from 'hal/stopped';
import { formatIsoDate } from '../kernel/calendar.ts';
import type { Emit } from '../kernel/events.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { Trace } from '../kernel/trace.ts';
import { msFromUs, US_PER_MS, usFromMs } from '../kernel/units.ts';
import type { TcpCounters } from '../net/tcp/host.ts';
import type { Certificates } from '../net/tls/certificates.ts';
import type { TlsCounters } from '../net/tls/stream.ts';
import type { AccessPoint } from '../net/wifi/access-point.ts';
import type { Station } from '../net/wifi/station.ts';
import type { StationSettings } from '../net/wifi/station-settings.ts';
import { flowOf } from '../net/wire/flow.ts';
import { type Packet, UDP } from '../net/wire/packet.ts';
import { type Activity, joinActivities } from './activity.ts';
import { BoardClock } from './clock.ts';
import { type ClockRates, RIGHT_CLOCKS } from './clock-drift.ts';
import { Cpu } from './cpu.ts';
import { BoardLog, messageOf } from './log.ts';
import { BoardMemory } from './memory/memory.ts';
import { BoardNet } from './net.ts';
import { BoardBench } from './peripherals/board-bench.ts';
import { Flash, type FlashHealth, SOUND_FLASH } from './peripherals/flash.ts';
import { BoardPower, LIGHT_SLEEP } from './power/power.ts';
import type { DeviceProfile } from './profiles/index.ts';
import { BoardRandom, type BoardRandomParts } from './random.ts';
import type { BoardMachine, BootCode, BootingBoard, ChosenFirmware, Firmware, FirmwareImage } from './runtime.ts';
import { demandsOf, SupervisedCpu } from './supervised-cpu.ts';
import { BROWNOUT_RESET, CALIBRATION_MS, FIRM_SUPPLY, type Supply } from './supply.ts';
import { BoardWallClock } from './wall-clock.ts';
import { BoardWifi, type RadioSaving } from './wifi.ts';

export interface BoardParts extends BoardRandomParts {
  kernel: Timeline;
  trace: Trace;
  counters: TcpCounters;
  tlsCounters: TlsCounters;
  certificates: Certificates;
  /** The nearest one, and the others of its network. */
  accessPoint: AccessPoint;
  others?: readonly AccessPoint[];
  /** The station has found an access point to join, or is associated with it, or no longer. */
  onMoved?: (accessPoint: AccessPoint, joined: boolean) => void;
  /** Left out: what an ESP32's station does that nobody has set up. */
  station?: StationSettings;
  index: number;
  /** Left out: its clocks are right. */
  clockRates?: ClockRates;
  /** What it was delivered with. */
  firmware: Firmware;
  /** Programs that an update may bring. */
  mayRun?: readonly FirmwareImage[];
  /** Left out: what was installed is booted. */
  bootCode?: BootCode;
  /** Called before each handler of firmware that is supervised or uses promises. */
  onRun: (cpu: SupervisedCpu) => void;
  transmit: (packet: Packet) => void;
  /** How its firmware wants the radio to save power; null: as its link says. Left out: nobody heeds it. */
  onSaving?: (saving: RadioSaving | null) => void;
  onConnecting?: (connection: number, address: string) => void;
  /** Packet loss of the link now; 1 while it is cut. */
  lossRate: () => number;
  emit: Emit;
}

export class Board implements BoardMachine, BootingBoard {
  readonly timeline: Timeline;
  readonly profile: DeviceProfile;
  readonly cpu: Cpu;
  readonly macAddress: string;
  readonly clock: BoardClock;
  readonly bench: BoardBench;
  readonly wallClock: BoardWallClock;
  readonly wifi: BoardWifi;
  readonly net: BoardNet;
  readonly random: BoardRandom;
  readonly log: BoardLog;
  readonly power: BoardPower;
  readonly memory: BoardMemory;
  readonly storage: Flash;
  /** Whether what it writes to flash gets there. */
  flashHealth: FlashHealth = SOUND_FLASH;
  private readonly parts: BoardParts;
  /** What it was given by cable, and what it runs, or ran last. */
  installed: Firmware;
  private running: Firmware;
  /** What its supply does at a transmit peak. */
  supply: Supply = FIRM_SUPPLY;
  private boots = 0;
  /** Counts power losses and resets: work of an earlier life is ignored. */
  private life = 0;
  private powered = false;
  /** Also before it was ever powered up. */
  private unplugged = false;
  private stopHandler: () => void = () => {};
  private resetHandler: () => void = () => {};
  private sender: ((data: string, binary: boolean) => boolean) | null = null;
  private activity: Activity | null = null;
  private timeQuestions = 0;
  /** Its luck at transmit peaks; made when the supply is weak. */
  private peaks: RandomStream | null = null;

  constructor(parts: BoardParts) {
    const { kernel, profile, index, clockRates: rates = RIGHT_CLOCKS } = parts;
    this.parts = parts;
    this.installed = parts.firmware;
    this.running = parts.firmware;
    this.timeline = kernel;
    this.profile = profile;
    this.macAddress = `240ac4${index.toString(16).padStart(6, '0')}`; // Espressif's prefix
    this.cpu = this.makeCpu();
    const onStall = (lateUs: number) => this.log.say('loop.stall', '', this.cpu.heldBy, msFromUs(lateUs));
    this.clock = new BoardClock(kernel, this.cpu, onStall, rates.crystal);
    this.bench = new BoardBench({
      ...parts,
      timeline: kernel,
      clock: this.clock,
      cpu: this.cpu,
      say: (...words) => this.log.say(...words),
    });
    this.memory = new BoardMemory(profile.memory, kernel, (what, bytes) => this.onOutOfMemory(what, bytes));
    this.wifi = this.makeWifi();
    this.wallClock = new BoardWallClock({
      kernel,
      beginsMs: profile.calendarBeginsMs,
      rates,
      flow: flowOf(index, 0),
      isJoined: () => this.station.joined,
      resolve: (host, done) => this.net.resolve(host, this.timeQuestion(), (address) => done(address !== null)),
      transmit: parts.transmit,
      later: (callback) => this.cpu.run({ execute: callback }),
      onSet: (by, epochMs) => this.log.say('clock.set', by, formatIsoDate(epochMs), epochMs),
    });
    this.net = new BoardNet({
      ...parts,
      cpu: this.cpu,
      memory: this.memory,
      isJoined: () => this.station.joined,
      epochMs: () => this.wallClock.now(),
      watchesChannel: () => !this.running.image.reports,
      emit: (event, connection, subject, detail, value) => parts.emit(event, index, connection, subject, detail, value),
    });
    this.random = new BoardRandom(parts);
    this.log = new BoardLog(index, this.net, this.memory, parts.emit);
    this.power = this.makePower(rates.sleep);
    this.storage = new Flash({
      files: () => this.running.files,
      costs: profile.flash,
      cpu: this.cpu,
      nowUs: () => kernel.nowUs,
      say: (...words) => this.log.say(...words),
      fails: () => this.flashHealth.fails(),
    });
  }

  /** What of `power` the HAL has beside sleep. */
  get resets(): BoardPower {
    return this.power;
  }

  /** The group whose firmware it runs. */
  get group(): string {
    return this.running.group;
  }

  /** Of its Wi-Fi: its link carries while it has joined. */
  get station(): Station {
    return this.wifi.station;
  }

  /** The power-up that every board has; none when a step came first, and has it on or holds its plug. */
  firstBoot(): void {
    if (this.boots === 0 && !this.unplugged) this.boot();
  }

  /**
   * Power on, or reset: everything but flash is as new, and the firmware starts after the profile's boot
   * time. @param reason what the firmware will be told; of a power-on too that a reset pin makes
   */
  boot(reason: ResetReason = 'power_on'): void {
    if (!this.powered) this.wallClock.powerOn();
    this.forgetAll();
    this.powered = true;
    this.unplugged = false;
    this.boots++;
    this.random.reset(this.boots);
    this.power.reset(reason);
    this.log.say('board.boot', '', '', this.boots);
    const bootUs = this.profile.bootMs * US_PER_MS;
    this.activity?.power(true, this.timeline.nowUs);
    this.activity?.cpu(bootUs, 'boot', this.timeline.nowUs);
    this.inThisLife(this.timeline.nowUs + bootUs, () => this.startFirmware());
  }

  /**
   * Puts other firmware in place of what was installed, as by a cable, and boots it. What programs wrote to
   * flash stays.
   */
  install(firmware: Firmware): void {
    this.installed = firmware;
    this.parts.bootCode?.forget(this);
    this.log.say('update.begun', firmware.group, 'cable', 0);
    this.boot();
  }

  restart(): void {
    this.inThisLife(this.cpu.freeAtUs, () => this.boot('restart'));
  }

  /** Everything stops without a word to anybody. Nothing to be seen of a board that is off. */
  powerOff(): void {
    this.unplugged = true;
    if (!this.powered) return;
    this.powered = false;
    this.forgetAll();
    this.activity?.power(false, this.timeline.nowUs);
    this.log.say('board.off', '', '', 0);
  }

  /** Tells this listener too from now on what the board does. To be called before its power comes on. */
  observe(activity: Activity): void {
    this.activity = joinActivities(this.activity, activity);
    this.cpu.activity = this.activity;
    this.wifi.activity = this.activity;
  }

  private forgetAll(): void {
    this.life++;
    this.storage.cut(this.timeline.nowUs);
    this.resetHandler();
    this.resetHandler = () => {};
    this.memory.lose();
    this.clock.reset();
    this.cpu.reset();
    this.wallClock.reset();
    this.stopHandler = () => {};
    this.sender = null;
    this.bench.reset();
    this.net.reset();
    this.wifi.reset();
  }

  /** Asks the firmware to begin nothing new. */
  requestStop(): void {
    this.cpu.run({ execute: () => this.stopHandler() });
  }

  receive(packet: Packet): void {
    if (packet.flags & UDP) this.wallClock.receive(packet);
    else this.net.receive(packet);
  }

  readFile(name: string): string | null {
    return this.storage.read(name);
  }

  setStopHandler(handler: () => void): void {
    this.stopHandler = handler;
  }

  setSender(send: (data: string, binary: boolean) => boolean): void {
    this.sender = send;
  }

  /** Makes the app send so many messages, one right after the other; nothing when it has no channel. */
  burst(messages: number, bytes: number): void {
    const text = 'x'.repeat(bytes);
    for (let message = 0; message < messages; message++) this.cpu.run({ execute: () => void this.sender?.(text, false) });
  }

  onReset(handler: () => void): void {
    this.resetHandler = handler;
  }

  private startFirmware(): void {
    this.memory.begin();
    const { bootCode } = this.parts;
    const chosen = () => (bootCode === undefined ? { firmware: this.installed, rolledBack: false } : bootCode.choose(this));
    this.cpu.run({ execute: () => this.start(chosen()) });
  }

  later(ms: number, act: () => void): void {
    this.inThisLife(this.timeline.nowUs + usFromMs(ms), act);
  }

  private start(chosen: ChosenFirmware | null): void {
    if (chosen === null) return;
    const { firmware, rolledBack } = chosen;
    const { group } = this.running;
    this.running = firmware;
    if (firmware.group !== group) this.log.say('board.update', firmware.group, rolledBack ? 'rolled_back' : '', 0);
    firmware.image.start(this);
  }

  private inThisLife(atUs: number, act: () => void): void {
    const { life } = this;
    this.timeline.schedule(atUs, { onEvent: () => this.life === life && act() }, null);
  }

  /** Names the stream of each question by itself: what was lost once is not lost for ever. */
  private timeQuestion(): string {
    this.timeQuestions++;
    return this.timeQuestions === 1 ? 'sntp' : `sntp/${this.timeQuestions}`;
  }

  private makeCpu(): Cpu {
    const { kernel, profile, firmware, mayRun = [], onRun } = this.parts;
    const hosted = demandsOf([firmware.image, ...mayRun]);
    const onError = (error: unknown): void => this.onUncaught(error);
    return hosted === null || (hosted.supervision === null && !hosted.usesPromises)
      ? new Cpu(kernel, profile.handlerUs, onError)
      : new SupervisedCpu(kernel, profile.handlerUs, onError, hosted, onRun, (where) => this.onHang(where));
  }

  private makePower(sleepRate: number): BoardPower {
    return new BoardPower({
      sleepRate,
      onSlept: (ms) => this.wallClock.slept(ms),
      timeline: this.timeline,
      cpu: this.cpu,
      gpio: this.bench.pins,
      say: (...words) => this.log.say(...words),
      freeBytes: () => this.memory.freeBytes,
      boot: (reason) => this.boot(reason),
      lose: () => this.forgetAll(),
      leaveWifi: () => this.wifi.leave(LIGHT_SLEEP),
      inThisLife: (atUs, act) => this.inThisLife(atUs, act),
      onSleep: (state) => this.activity?.sleep(state, this.timeline.nowUs),
    });
  }

  /** Nothing more of the firmware runs: an allocation that fails ends in a panic. */
  private onOutOfMemory(what: string, missingBytes: number): void {
    this.cpu.halt();
    this.inThisLife(this.timeline.nowUs, () => {
      this.log.say('board.out_of_memory', what, '', missingBytes);
      this.boot('unknown');
    });
  }

  /** A handler that does not come back holds the CPU until a watchdog bites. */
  private onHang(where: unknown): void {
    this.log.say('board.error', this.running.image.placeOf(where), 'this handler does not come back', 0);
    this.cpu.halt();
    this.log.say('board.ended', '', '', 0);
    const { watchdogMs } = this.profile;
    if (watchdogMs !== null) this.power.hang(watchdogMs);
  }

  private onUncaught(error: unknown): void {
    if (error instanceof BoardStopped) return;
    this.log.say('board.error', this.running.image.placeOf(error), messageOf(error), 0);
    if (this.profile.uncaughtErrorEnds === 'handler') return;
    this.cpu.halt();
    this.log.say('board.ended', '', '', 0);
  }

  private makeWifi(): BoardWifi {
    const { parts, cpu, profile } = this;
    return new BoardWifi({
      ...parts,
      radio: profile.radio,
      settings: parts.station,
      address: addressOf(parts.index),
      random: parts.random('wifi'),
      signalLuck: () => parts.random('signal'),
      loss: parts.lossRate,
      cpu,
      say: (...event) => this.log.say(...event),
      joinFailureIsSilent: profile.joinFailureIsSilent,
      onJoin: () => this.supply.resetChance !== null && this.peak(this.supply.resetChance()),
      onAddressLost: () => this.net.abort(),
    });
  }

  /** The first frames of a join are the longest at full power, after the radio's calibration. */
  private peak(resetChance: number): void {
    this.peaks ??= this.parts.random('supply');
    if (this.peaks.next() >= resetChance) return;
    this.inThisLife(this.timeline.nowUs + CALIBRATION_MS * US_PER_MS, () => {
      this.log.say('board.brownout', '', BROWNOUT_RESET, 0);
      this.boot('brownout');
    });
  }
}

/** Of 10.0.0.0/16, as captures have it: board-1 is 10.0.0.1. */
function addressOf(index: number): string {
  return `10.0.${(index + 1) >> 8}.${(index + 1) & 0xff}`;
}
