/**
 * Espruino as its backend meets it, traps included: the globals and modules that hal/espruino uses, behaving
 * as facts about 2v29 say, on a time that passes only when told to. For tests of single rules; the whole
 * backend runs in a real engine elsewhere (firmware/build/engine.test.ts).
 *
 * The backend's sources are bundled and run in a context that holds nothing but these fakes, so that a name
 * which the platform lacks is missing here too. Not modelled: variables, the console, blocking of anything
 * but a connect.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import type { Hal } from '../index.ts';

type Handler = (...values: never[]) => void;

interface EngineTimer {
  number: number;
  atMs: number;
  run(): void;
}

/** Ends whatever the engine was at; what catches it finds no power either. */
class PowerLoss extends Error {}

export class EspruinoEngine {
  /** Since 1970, as a board without the time has it. */
  wallMs = 0;
  /** What it said. */
  lines: string[] = [];
  /** Given to `E.srand`. */
  seeds: number[] = [];
  files: Record<string, string> = {};
  pins: Record<number, number> = {};
  serial = '24:0A:C4:00:00:01';
  hasSha1 = true;
  /** What an ESP32's own object has, and what it did, in order; null: another chip. */
  esp32: { wakeupCause: number } | null = { wakeupCause: 0 };
  asked: string[] = [];
  /** null: this build has no `Wifi`. */
  /** Whether anybody is on its 1-Wire buses; null: a build without them. */
  oneWire: { present: boolean } | null = null;
  station: FakeStation | null = new FakeStation();
  sockets: FakeNativeSocket[] = [];
  /** What `tls` was given, one for each connect through it. */
  tlsOptions: object[] = [];
  /** What the next connects do: block for so long, and then throw that, or return nothing. */
  connect: { blocksMs: number; fails: string | null; returnsNothing: boolean } = { blocksMs: 0, fails: null, returnsNothing: false };
  private timers: EngineTimer[] = [];
  private uncaught: ((error: unknown) => void)[] = [];

  /** The backend, started on this engine. */
  start(files: Record<string, string> = {}): Hal {
    const module = { exports: {} as { createEspruinoHal(files: Record<string, string>): Hal } };
    runInContext(backend(), createContext({ module, ...this.globals() }));
    return module.exports.createEspruinoHal(files);
  }

  /** Timers run in their order; what one throws is uncaught. */
  pass(ms: number): void {
    const endMs = this.wallMs + ms;
    for (;;) {
      const due = this.timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      this.wallMs = Math.max(this.wallMs, due.atMs);
      this.call(due.run);
    }
    this.wallMs = Math.max(this.wallMs, endMs);
  }

  /**
   * What the engine itself calls: an exception goes to the handlers of `uncaughtException`. @returns whether
   * there was none
   */
  call(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      for (const handler of this.uncaught) handler(error);
      return false;
    }
  }

  private globals(): Record<string, unknown> {
    return {
      ...this.timeGlobals(),
      require: (name: string) => this.module(name),
      console: { log: (text: string) => this.lines.push(text) },
      process: {
        on: (_event: string, handler: (error: unknown) => void) => this.uncaught.push(handler),
        memory: () => ({ free: 5000, blocksize: 14 }),
      },
      E: {
        // Rule 7: the same on every board and at every boot.
        hwRand: () => 0x12345678,
        srand: (seed: number) => this.seeds.push(seed),
        CRC32: (bytes: string) => new DataView(sha1(bytes)).getUint32(0),
        enableWatchdog: (seconds: number, byTheEngine: boolean) => this.asked.push(`watchdog ${seconds} ${byTheEngine}`),
        toString: (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1'),
        kickWatchdog: () => this.asked.push('kick'),
      },
      ...(this.oneWire === null ? {} : { OneWire: this.oneWireClass() }),
      ...(this.esp32 === null ? {} : { ESP32: this.esp32Object(this.esp32) }),
      digitalWrite: (pin: number, level: number) => {
        this.pins[pin] = level;
      },
      // It makes an input of the pin.
      digitalRead: (pin: number) => {
        const level = this.pins[pin] ?? 0;
        delete this.pins[pin];
        return level;
      },
      getSerial: () => this.serial,
      btoa: (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64'),
      atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
    };
  }

  private oneWireClass(): unknown {
    const engine = this;
    return class {
      private readonly pin: number;
      constructor(pin: number) {
        this.pin = pin;
      }
      reset(): boolean {
        engine.asked.push(`reset ${this.pin}`);
        return engine.oneWire?.present ?? false;
      }
      select = (rom: string) => void engine.asked.push(`select ${rom}`);
      skip = () => void engine.asked.push('skip');
      write = (bytes: string) => void engine.asked.push(`write ${Buffer.from(bytes, 'latin1').toString('hex')}`);
      read(count: number): Uint8Array {
        engine.asked.push(`read ${count}`);
        return Uint8Array.from([0x50, 0x05]);
      }
      search = () => ['28563412000000ab'];
    };
  }

  private esp32Object({ wakeupCause }: { wakeupCause: number }): Record<string, unknown> {
    const ask =
      (what: string) =>
      (...values: number[]) =>
        void this.asked.push([what, ...values].join(' '));
    return {
      getWakeupCause: () => wakeupCause,
      reboot: ask('reboot'),
      deepSleep: ask('deepSleep'),
      deepSleepExt0: ask('deepSleepExt0'),
      // Rule 12: it blocks.
      lightSleep: (ms: number) => {
        this.wallMs += ms;
        this.asked.push(`lightSleep ${ms}`);
      },
    };
  }

  /** No setInterval: rule 9 forbids it. */
  private timeGlobals(): Record<string, unknown> {
    return {
      getTime: () => this.wallMs / 1000,
      setTime: (seconds: number) => {
        this.wallMs = seconds * 1000;
      },
      Date: { now: () => this.wallMs },
      setTimeout: (run: () => void, delayMs: number) => {
        // The smallest free number, so that a number comes back.
        let number = 1;
        while (this.timers.some((timer) => timer.number === number)) number++;
        this.timers.push({ number, atMs: this.wallMs + delayMs, run });
        return number;
      },
      clearTimeout: (...numbers: unknown[]) => {
        if (numbers.length > 0 && typeof numbers[0] !== 'number') throw new Error('Unknown Timeout');
        this.timers = this.timers.filter(({ number }) => numbers.length > 0 && number !== numbers[0]);
      },
    };
  }

  private module(name: string): unknown {
    switch (name) {
      case 'net':
        return { connect: (_options: object, onConnect: () => void) => this.open(onConnect) };
      case 'tls':
        return {
          connect: (options: object, onConnect: () => void) => {
            this.tlsOptions.push(options);
            return this.open(onConnect);
          },
        };
      case 'Wifi':
        if (this.station !== null) return this.station;
        break;
      case 'Storage':
        return this.storage;
      case 'crypto':
        return this.hasSha1 ? { SHA1: (bytes: string) => sha1(bytes) } : {};
    }
    throw new Error(`Module ${name} not found`);
  }

  /** What changes flash after so many steps finds no power; null: there is enough. */
  stepsToPowerLoss: number | null = null;
  freeBytes = 200_000;

  private cutFlash(): void {
    if (this.stepsToPowerLoss === null) return;
    if (this.stepsToPowerLoss === 0) throw new PowerLoss();
    this.stepsToPowerLoss--;
  }

  private readonly storage = {
    read: (file: string) => this.files[file],
    // Rule 13: the old file goes first.
    write: (file: string, bytes: string) => {
      this.cutFlash();
      delete this.files[file];
      this.cutFlash();
      this.files[file] = '\xff'.repeat(bytes.length);
      this.cutFlash();
      this.files[file] = bytes;
      return true;
    },
    list: () => Object.keys(this.files),
    getFree: () => this.freeBytes,
    erase: (file: string) => {
      this.cutFlash();
      delete this.files[file];
    },
  };

  private open(onConnect: () => void): FakeNativeSocket | undefined {
    const { blocksMs, fails, returnsNothing } = this.connect;
    // Rule 2: nothing else runs meanwhile.
    this.wallMs += blocksMs;
    // Rule 1: a string, thrown.
    if (fails !== null) throw fails;
    if (returnsNothing) return undefined;
    const socket = new FakeNativeSocket(this, onConnect);
    this.sockets.push(socket);
    return socket;
  }
}

export class FakeNativeSocket {
  written = '';
  ended = 0;
  clsNow = false;
  /** TCP is connected; the engine may say so after the first data. */
  readonly announce: () => void;
  private readonly engine: EspruinoEngine;
  private readonly handlers = new Map<string, Handler>();

  constructor(engine: EspruinoEngine, announce: () => void) {
    this.engine = engine;
    this.announce = announce;
  }

  on(event: string, handler: Handler): void {
    this.handlers.set(event, handler);
  }

  /** Rule 3: false, always, and an exception after the end. */
  write(bytes: string): boolean {
    if (this.ended > 0) throw new Error('This socket is closed.');
    this.written += bytes;
    return false;
  }

  end(): void {
    this.ended++;
  }

  /** An event. The engine takes off the handler that throws. */
  emit(event: string, ...values: unknown[]): void {
    const handler = this.handlers.get(event);
    if (handler === undefined || this.engine.call(() => handler(...(values as never[])))) return;
    this.handlers.delete(event);
  }
}

export class FakeStation {
  address = '0.0.0.0';
  joins: { ssid: string; options: object; callback(failure: string | null): void }[] = [];
  /** Thrown by the next connect. */
  fails: string | null = null;
  private lossHandler: Handler = () => {};

  connect(ssid: string, options: object, callback: (failure: string | null) => void): void {
    if (this.fails !== null) throw this.fails;
    this.joins.push({ ssid, options, callback });
  }

  on(_event: 'disconnected', handler: Handler): void {
    this.lossHandler = handler;
  }

  /** Time servers it was told of. It sets the clock when it likes, and says nothing. */
  timeServers: string[] = [];

  setSNTP(server: string): void {
    this.timeServers.push(server);
  }

  /** Of its radio: `none`, `min` or `max`. undefined: a build that has no way to say so. */
  setConfig: ((settings: { powersave: string }) => void) | undefined = ({ powersave }) => this.powerSaves.push(powersave);
  powerSaves: string[] = [];

  getIP(): { ip: string } {
    return { ip: this.address };
  }

  /** Rule 8: a number, as a string. */
  lose(reason: string): void {
    this.address = '0.0.0.0';
    this.lossHandler(...([{ reason }] as never[]));
  }
}

function sha1(bytes: string): ArrayBuffer {
  return new Uint8Array(createHash('sha1').update(bytes, 'latin1').digest()).buffer;
}

let bundled: string | null = null;

function backend(): string {
  bundled ??= buildSync({
    entryPoints: [resolve(__dirname, '..', 'espruino', 'index.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    external: ['net', 'crypto', 'Storage', 'Wifi', 'tls'],
    logLevel: 'silent',
  }).outputFiles[0].text;
  return bundled;
}
