/**
 * Backend 3: a computer as a board. Real clock, real sockets, real chance; pins in memory, files from a
 * table.
 *
 * Wi-Fi is the computer's network and always up: a join succeeds at once and its loss is never reported, so a
 * dead uplink shows only in sockets that fail or fall silent.
 */
import { createHash, randomInt } from 'node:crypto';
import type { Hal, Log, ResetReason, Storage, WallClock, Wifi } from '../index.ts';
import { checkPowerSave } from '../limits.ts';
import { unlessStopped } from '../stopped.ts';
import { type BenchListeners, NodeBench } from './bench.ts';
import { NodeClock } from './clock.ts';
import { MemoryFiles } from './files.ts';
import { NodeNet } from './net.ts';
import { NodeResets } from './resets.ts';
import { hostAddress, hostUniqueId } from './unique-id.ts';

export { type BenchListeners, NodeBench } from './bench.ts';
export { FolderFiles, MemoryFiles } from './files.ts';
export { unlessStopped };

export interface NodeBoardOptions extends BenchListeners {
  /** What is in flash: a table of binary strings by name, or files that outlive the board. */
  files: Readonly<Record<string, string>> | Storage;
  /** Where the firmware's words go. Lines come as text, decoded from the UTF-8 bytes that firmware speaks. */
  log: Log;
  /**
   * 12 lower-case hexadecimal digits; without it the computer's own, so boards that share a computer may want
   * one each.
   */
  uniqueId?: string;
  /** The calendar by which certificates are judged; without it the computer's, which a board cannot set. */
  wallClock?: Omit<WallClock, 'parse'>;
  /** Where it lies; left out: on one of its own. */
  bench?: NodeBench;
  /** Why the board boots, `power_on` when left out. */
  resetReason?: ResetReason;
  /**
   * The firmware has reset its board, or it slept deeply and wakes up: this one is switched off, and the next
   * is to be made now. Left out: it stays off.
   */
  onReset?(reason: ResetReason): void;
}

export interface NodeBoard {
  readonly hal: Hal;
  /** It has no power, or sleeps deeply. */
  readonly isOff: boolean;
  /** Asks the firmware to begin nothing new (hal/system.ts). */
  requestStop(): void;
  /** What is connected to it. */
  readonly bench: NodeBench;
  /** Power off, for good: timers forgotten, sockets destroyed, nothing of the firmware runs again. */
  switchOff(): void;
}

const UINT32_RANGE = 2 ** 32;

export function createNodeBoard(options: NodeBoardOptions): NodeBoard {
  const { files, log, uniqueId = hostUniqueId(), wallClock, resetReason = 'power_on', onReset } = options;
  const clock = new NodeClock();
  const calendar = calendarOf(wallClock ?? computersCalendar(clock));
  const net = new NodeNet(calendar);
  const bench = options.bench ?? new NodeBench();
  bench.plug(clock, options);
  const switchOff = () => {
    clock.switchOff();
    net.switchOff();
  };
  let stopHandler = () => {};
  const boardLog: Log = {
    line: (text) => log.line(Buffer.from(text, 'latin1').toString('utf8')),
    event: (name, subject, detail, value) => log.event(name, subject, detail, value),
  };
  const resets = new NodeResets({
    clock,
    log: boardLog,
    reason: resetReason,
    switchOff,
    awaitLevel: (pin, level, act) => bench.pins.awaitLevel(pin, level, act),
    onReset: (reason) => onReset?.(reason),
  });
  const hal: Hal = {
    clock,
    wallClock: calendar,
    net,
    wifi: computersWifi(clock),
    gpio: bench.pins,
    adc: bench.adc,
    i2c: bench.i2c,
    spi: bench.spi,
    oneWire: bench.oneWire,
    uart: bench.uart,
    storage: isStorage(files) ? files : new MemoryFiles(files),
    // The system's generator needs no seed and takes none.
    random: { uint32: () => randomInt(UINT32_RANGE), seed() {} },
    crypto: {
      sha1: (bytes) => createHash('sha1').update(bytes, 'latin1').digest('binary'),
      base64: (bytes) => Buffer.from(bytes, 'latin1').toString('base64'),
    },
    system: {
      uniqueId: () => uniqueId,
      onStop(handler) {
        stopHandler = handler;
      },
      restart: (reason) => resets.restart(reason),
      resetReason: () => resets.resetReason(),
      watchdog: (ms) => resets.watchdog(ms),
      feed: () => resets.feed(),
      freeMemory: () => resets.freeMemory(),
    },
    power: resets,
    log: boardLog,
  };
  return {
    hal,
    get isOff() {
      return clock.off;
    },
    requestStop: () => unlessStopped(stopHandler),
    bench,
    switchOff() {
      switchOff();
      resets.cancel();
    },
  };
}

/** Up at all times; its radio does as the computer's owner has told it. */
function computersWifi(clock: NodeClock): Wifi {
  let join = 0;
  return {
    connect(_ssid, _password, done) {
      clock.clearTimeout(join);
      join = clock.setTimeout(() => done(null), 0);
    },
    isConnected: () => true,
    onDisconnected() {},
    rssi: () => null,
    address: hostAddress,
    powerSave: checkPowerSave,
  };
}

function isStorage(files: NodeBoardOptions['files']): files is Storage {
  return typeof files.read === 'function';
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function calendarOf(source: Omit<WallClock, 'parse'>): WallClock {
  return {
    now: () => source.now(),
    set: (epochMs) => source.set(epochMs),
    parse: (date) => (HTTP_DATE.test(date) ? Date.parse(date) || 0 : 0),
    synchronize: (server, done) => source.synchronize(server, done),
  };
}

/** The computer keeps the time itself. */
function computersCalendar(clock: NodeClock): Omit<WallClock, 'parse'> {
  return { now: () => Date.now(), set() {}, synchronize: (_server, done) => void clock.setTimeout(() => done(null), 0) };
}
