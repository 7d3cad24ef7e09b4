/**
 * The seam between a board and whatever runs on it: a kind of firmware (Runtime), a program of that kind
 * (FirmwareImage), and what a board gives to a program that has been started on it (BoardMachine).
 *
 * A program that an interpreter runs keeps to these: it takes CPU time as it computes (`cpu.charge`), goes on
 * in tasks of its own (`cpu.run`), and while a call of its platform blocks it simply has no task, so that
 * only its own board waits; how long and why is the event `loop.stall`. Nothing of it outlives a reset.
 */
import type { FirmwareApp } from 'firmware/boot';
import type { DeviceConfig } from 'firmware/config';
import type { Storage } from 'hal';
import type { Machine } from 'hal/simulated';
import type { EventName } from '../kernel/events.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { Cpu } from './cpu.ts';
import type { DeviceProfile } from './profiles/index.ts';

/** The device's config.json (firmware/config.ts) as a fleet shares it: `client_id` is each board's own. */
export type BoardConfig = Omit<DeviceConfig, 'client_id'>;

/** Names of the files that a board with TLS has in flash beside its config.json. */
export const CA_FILE = 'ca.der';
export const CERTIFICATE_FILE = 'board.crt';
export const KEY_FILE = 'board.key';

/** A kind of firmware, known by the path of a program before anything of it is loaded. */
export interface Runtime {
  /** Whether a program that its user names so is of this kind. */
  runs(file: string): boolean;
  /**
   * The whole config that such a program has when a document says `value` of it. A program without a
   * keepalive of its own has `ping_interval_ms` 0, by which checks and reports know.
   * @returns the errors too, one line each: `backoff.min_ms: expected …`
   */
  configOf(value: unknown): { config: DeviceConfig; errors: string[] };
  /**
   * @throws UsageError that says what is wrong with the file. null: a module of JavaScript, which the sandbox
   *   loads (sandbox/load-firmware.ts)
   */
  readonly load: ((file: string) => Promise<FirmwareImage>) | null;
}

/** A program as every board of a fleet has it in flash, loaded once. */
export interface FirmwareImage {
  /**
   * Starts the program on a board that has just booted, as a task of its CPU. Called anew at each boot, also
   * of the same board; what an earlier start has made must not be used again. The board's files have
   * `config.json`.
   */
  start(machine: BoardMachine): void;
  /**
   * Whether the program tells by `machine.log` what its channel does (firmware/events.ts). Of one that does
   * not, the board reads along what passes through its sockets (channel-watch.ts), so that metrics mean the
   * same.
   */
  readonly reports: boolean;
  /**
   * Where in the program's source an error was thrown: `file:line`, the file as seen from the program's
   * folder; '' when that is not known.
   */
  placeOf(error: unknown): string;
  /**
   * What is known of code that the host's own engine runs; null: an interpreter with bounds of its own runs
   * it.
   */
  readonly hosted: HostedCode | null;
}

/** What a board has been given to boot. */
export interface Firmware {
  /** Of the fleet, by whose name the world knows it; '' where there are none. */
  group: string;
  image: FirmwareImage;
  /** What comes with the program: binary strings by file name. */
  files: ReadonlyMap<string, string>;
}

/** What chooses the program of a board when it boots. */
export interface BootCode {
  /**
   * To be called once in each boot, before any program; may write to flash, and reset the board later.
   * @returns null: nothing that it finds boots
   */
  choose(board: BootingBoard): ChosenFirmware | null;
  /** What was installed is to be booted next, whatever came by other ways. */
  forget(board: BootingBoard): void;
}

export interface ChosenFirmware {
  firmware: Firmware;
  /** It follows one that was tried and did not prove itself. */
  rolledBack: boolean;
}

/** A board as its boot code has it. */
export interface BootingBoard {
  readonly storage: Storage & { remove(name: string): void };
  /** What it was given last by cable. */
  readonly installed: Firmware;
  readonly log: { say(event: EventName, subject: string, detail: string, value: number): void };
  /** Unless it is reset before. */
  later(ms: number, act: () => void): void;
  boot(reason: 'restart'): void;
}

/** A mere function is one in JavaScript, of which nothing else is known. */
export type Program = FirmwareApp | FirmwareImage;
/** What runs on a fleet: the same on all boards, or a program for each of its groups. */
export type Programs = Program | readonly Program[];

/**
 * Code in the very process of the world: what it does there cannot be undone, so it may need to be watched.
 */
export interface HostedCode {
  /** A handler may leave promises behind, which then go on before anything else happens. */
  readonly usesPromises: boolean;
  /** null: the kit's own. */
  readonly supervision: Supervision | null;
}

/** Keeps to the board what runs in the same process as everything else. */
export interface Supervision {
  /** Called before each handler of a board. False: there must not be another. */
  onHandler(): boolean;
  /**
   * Where the handler that ran last, or what it had put off, was stopped since it did not come back: an
   * error, for `placeOf`; null: it did. Asked for each time.
   */
  takeHang(): unknown;
  /**
   * Rejects when a handler does not come back, after some seconds and with its place; the work is ended then.
   */
  watch<T>(work: () => Promise<T>): Promise<T>;
  /** Throws when the program has used what no board has, with each place. */
  verify(): void;
}

/**
 * A board as the program on it sees it: what the HAL's simulated backend asks for, and what an interpreter
 * needs beside.
 */
export interface BoardMachine extends Machine {
  /** For waits that take no CPU; `clock` has those that do when they end. */
  readonly timeline: Timeline;
  /**
   * An error that a task of it throws is the program's: an event with `placeOf`, and what the profile says
   * follows.
   */
  readonly cpu: Cpu;
  readonly profile: DeviceProfile;
  /** A file in its flash, as a binary string. */
  readFile(name: string): string | null;
  /**
   * One handler (a second call replaces it), called when a reset or the loss of power ends this run of the
   * program, and not again.
   */
  onReset(handler: () => void): void;
  /** Resets the board as soon as its CPU is free: not before the running task is over. */
  restart(): void;
}
