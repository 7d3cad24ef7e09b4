/**
 * Backend 3: a computer as a board. Real clock, real sockets, real chance; pins in memory, files from a
 * table.
 *
 * Wi-Fi is the computer's network and always up: a join succeeds at once and its loss is never reported, so a
 * dead uplink shows only in sockets that fail or fall silent.
 */
import { createHash, randomInt } from 'node:crypto';
import type { Hal, Level, Log, WallClock } from '../index.ts';
import { NodeClock } from './clock.ts';
import { NodeNet } from './net.ts';
import { hostUniqueId } from './unique-id.ts';

export interface NodeBoardOptions {
  /** What is in flash, by name: binary strings. */
  files: Readonly<Record<string, string>>;
  /** Where the firmware's words go. Lines come as text, decoded from the UTF-8 bytes that firmware speaks. */
  log: Log;
  /**
   * 12 lower-case hexadecimal digits; without it the computer's own, so boards that share a computer may want
   * one each.
   */
  uniqueId?: string;
  /** The calendar by which certificates are judged; without it the computer's, which a board cannot set. */
  wallClock?: Omit<WallClock, 'parse'>;
  /** Called after a pin was driven. */
  onPin?(pin: number, level: Level): void;
}

export interface NodeBoard {
  readonly hal: Hal;
  /** Asks the firmware to begin nothing new (hal/system.ts). */
  requestStop(): void;
  /** Power off, for good: timers forgotten, sockets destroyed, nothing of the firmware runs again. */
  switchOff(): void;
}

const UINT32_RANGE = 2 ** 32;

export function createNodeBoard({ files, log, uniqueId = hostUniqueId(), wallClock, onPin }: NodeBoardOptions): NodeBoard {
  const clock = new NodeClock();
  const calendar = calendarOf(wallClock ?? computersCalendar(clock));
  const net = new NodeNet(calendar);
  const levels = new Map<number, Level>();
  let stopHandler = () => {};
  let join = 0;
  const hal: Hal = {
    clock,
    wallClock: calendar,
    net,
    wifi: {
      connect(_ssid, _password, done) {
        clock.clearTimeout(join);
        join = clock.setTimeout(() => done(null), 0);
      },
      isConnected: () => true,
      onDisconnected() {},
    },
    gpio: {
      write(pin, level) {
        levels.set(pin, level);
        onPin?.(pin, level);
      },
      read: (pin) => levels.get(pin) ?? 0,
    },
    storage: { read: (name) => (Object.hasOwn(files, name) ? files[name] : null) },
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
    },
    log: {
      line: (text) => log.line(Buffer.from(text, 'latin1').toString('utf8')),
      event: (name, subject, detail, value) => log.event(name, subject, detail, value),
    },
  };
  return {
    hal,
    requestStop: () => stopHandler(),
    switchOff() {
      clock.switchOff();
      net.switchOff();
    },
  };
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
