/**
 * A complete backend in memory, small enough to read: it proves that the conformance cases can pass, and,
 * broken on purpose, that they can fail.
 *
 * Not a simulation: a network without loss whose segments take one millisecond, an access point that always
 * answers, no CPU time.
 */
import { createHash } from 'node:crypto';
import { Bench } from '../bench/bench.ts';
import type { I2cDevice, OneWireDevice } from '../bench/device.ts';
import { type PeerServer, RIG_FILES, type Rig } from '../conformance.ts';
import type { Hal, Level, NetErrorKind, PowerSaveMode, SocketHandlers } from '../index.ts';
import { checkFile, checkPowerSave } from '../limits.ts';
import { unlessStopped } from '../stopped.ts';
import { MemoryConnection } from './memory-connection.ts';
import { MemoryResets } from './memory-resets.ts';

const HOST = 'peer.test';
const REFUSED_PORT = 1;
const SILENT_PORT = 2;
const JOIN_MS = 20;
const CONNECT_MS = 2;

export async function makeMemoryRig(): Promise<Rig> {
  return new MemoryRig();
}

interface Timer {
  id: number;
  atMs: number;
  run: () => void;
}

class MemoryRig implements Rig {
  readonly host = HOST;
  readonly refusedPort = REFUSED_PORT;
  readonly unknownHost = 'nobody.test';
  readonly accessPoint = { ssid: 'lab', password: 'secret' };
  readonly pins = [2, 4] as const;
  readonly silent = { host: HOST, port: SILENT_PORT };
  readonly namesErrors = true;
  readonly readsAfterEnd = true;
  readonly holdsPeerBack = true;
  readonly sleepsLightly = true;

  private nowMs = 0.25;
  private timers: Timer[] = [];
  private lastTimer = 0;
  private epochMs = 0;
  private joined = false;
  private joins = 0;
  private saving: { mode: PowerSaveMode; listenInterval: number; next: number } = { mode: 'none', listenInterval: 3, next: 3 };
  private readonly bench = new Bench({
    time: {
      later: (delayMs, run) => this.later(delayMs, run),
      forget: (timer) => this.forget(timer),
      run: (handler) => void this.later(0, handler),
    },
    nowMs: () => this.nowMs,
    onUart: (port, bytes) => {
      this.uartSent[port] = (this.uartSent[port] ?? '') + bytes;
    },
  });
  readonly uartSent: Record<number, string> = {};
  private readonly files = new Map(Object.entries(RIG_FILES));
  private readonly resets = new MemoryResets({
    later: (delayMs, run) => this.later(delayMs, run),
    forget: (timer) => this.forget(timer),
    lose: () => this.lose(),
    hold: (ms) => this.hold(ms),
    awaitLevel: (pin, level, act) => this.bench.pins.awaitLevel(pin, level, act),
  });
  private randomState = 1;
  private servers = new Map<number, MemoryConnection[]>();
  private open = new Set<MemoryConnection>();
  private stopHandler = () => {};
  private disconnectedHandler = (_reason: string) => {};

  readonly hal: Hal = {
    clock: {
      now: () => this.nowMs,
      setTimeout: (callback, delayMs) => this.later(delayMs, callback),
      clearTimeout: (id) => this.forget(id),
    },
    wallClock: {
      now: () => this.epochMs + this.nowMs,
      set: (epochMs) => {
        this.epochMs = epochMs - this.nowMs;
      },
      parse: (date) => (date.endsWith(' GMT') ? Date.parse(date) || 0 : 0),
      synchronize: (_server, done) => void this.later(0, () => done(null)),
    },
    wifi: {
      connect: (_ssid, _password, done) => {
        const join = ++this.joins;
        this.leave();
        this.saving.listenInterval = this.saving.next;
        this.later(JOIN_MS, () => {
          if (join !== this.joins) return;
          this.joined = true;
          done(null);
        });
      },
      isConnected: () => this.joined,
      onDisconnected: (handler) => {
        this.disconnectedHandler = handler;
      },
      rssi: () => (this.joined ? -50 : null),
      address: () => (this.joined ? '192.168.1.7' : ''),
      powerSave: (mode, listenInterval = 3) => {
        checkPowerSave(mode, listenInterval);
        this.saving = { mode, listenInterval: this.joined ? this.saving.listenInterval : listenInterval, next: listenInterval };
      },
    },
    net: { connect: (host, port, handlers) => this.connect(host, port, handlers).board },
    gpio: bound(this.bench.pins, ['write', 'read', 'pull', 'watch', 'pwm']),
    adc: bound(this.bench.adc, ['read']),
    i2c: bound(this.bench.i2c, ['setup', 'transfer']),
    spi: bound(this.bench.spi, ['setup', 'transfer']),
    oneWire: bound(this.bench.oneWire, ['search', 'transfer']),
    uart: bound(this.bench.uart, ['open', 'write']),
    storage: {
      read: (name) => this.files.get(name) ?? null,
      write: (name, bytes) => {
        checkFile('write', name, bytes);
        this.files.set(name, bytes);
        return true;
      },
      erase: (name) => {
        checkFile('erase', name);
        this.files.delete(name);
      },
      list: () => [...this.files.keys()].sort(),
    },
    random: {
      uint32: () => this.draw(),
      seed: (value) => {
        this.randomState = (this.draw() ^ value) >>> 0;
      },
    },
    crypto: {
      sha1: (bytes) => createHash('sha1').update(bytes, 'latin1').digest('binary'),
      base64: (bytes) => Buffer.from(bytes, 'latin1').toString('base64'),
    },
    system: {
      uniqueId: () => '24a160123456',
      onStop: (handler) => {
        this.stopHandler = handler;
      },
      restart: () => this.resets.restart(),
      resetReason: () => this.resets.reason,
      watchdog: (ms) => this.resets.watchdog(ms),
      feed: () => this.resets.feed(),
      freeMemory: () => 200_000,
    },
    power: {
      deepSleep: (ms, wakePin, wakeLevel) => this.resets.deepSleep(ms, wakePin, wakeLevel),
      lightSleep: (ms, done) => this.resets.lightSleep(ms, done),
    },
    log: { line: () => {}, event: () => {} },
  };

  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      // Strictly earlier wins, so timers due at the same time run in the order they were set.
      let next: Timer | undefined;
      for (const timer of this.timers) if (timer.atMs <= endMs && (!next || timer.atMs < next.atMs)) next = timer;
      if (!next) break;
      this.forget(next.id);
      this.nowMs = next.atMs;
      unlessStopped(next.run);
    }
    this.nowMs = endMs;
  }

  async listen(): Promise<PeerServer> {
    const port = 1000 + this.servers.size;
    const accepted: MemoryConnection[] = [];
    this.servers.set(port, accepted);
    return {
      port,
      get connections() {
        return accepted.map((connection) => connection.peer);
      },
    };
  }

  get boots(): number {
    return this.resets.boots;
  }

  drivePin(pin: number, level: Level): void {
    this.bench.pins.drive(pin, level);
  }

  pwmOf(pin: number) {
    return this.bench.pins.pwmOf(pin);
  }

  savesPower() {
    return this.saving;
  }

  setVoltage(pin: number, mv: number): void {
    this.bench.adc.connect(pin, () => mv);
  }

  connectI2c(address: number, device: I2cDevice): void {
    this.bench.i2c.connect(address, device);
  }

  connectOneWire(pin: number, device: OneWireDevice): void {
    this.bench.oneWire.connect(pin, device);
  }

  loopSpi(): void {
    this.bench.spi.connect(null, (bytes) => bytes);
  }

  sendUart(port: number, bytes: string): void {
    this.bench.uart.receive(port, bytes);
  }

  loseWifi(): void {
    this.leave();
    this.later(1, () => this.disconnectedHandler('beacon timeout'));
  }

  stop(): void {
    this.stopHandler();
  }

  async close(): Promise<void> {
    this.timers = [];
  }

  /** As a reset does: nothing is left but what is outside, and flash. */
  private lose(): void {
    this.timers = [];
    this.bench.reset();
    this.leave();
  }

  private hold(ms: number): void {
    for (const timer of this.timers) timer.atMs = Math.max(timer.atMs, this.nowMs + ms);
  }

  private leave(): void {
    this.joined = false;
    for (const connection of this.open) connection.fail('aborted');
    this.open.clear();
  }

  private connect(host: string, port: number, handlers: SocketHandlers): MemoryConnection {
    const connection = new MemoryConnection((delayMs, run) => this.later(delayMs, run), handlers);
    const failure = this.failureOf(host, port);
    if (host === HOST && port === SILENT_PORT && !failure) return connection;
    this.later(CONNECT_MS, () => {
      if (failure) return connection.fail(failure);
      this.open.add(connection);
      this.servers.get(port)?.push(connection);
      connection.establish();
    });
    return connection;
  }

  private failureOf(host: string, port: number): NetErrorKind | null {
    if (!this.joined) return 'unreachable';
    if (host !== HOST) return 'dns';
    return port === REFUSED_PORT ? 'refused' : null;
  }

  private forget(id: number): void {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  }

  private later(delayMs: number, run: () => void): number {
    const id = ++this.lastTimer;
    this.timers.push({ id, atMs: this.nowMs + delayMs, run });
    return id;
  }

  /** mulberry32. */
  private draw(): number {
    this.randomState = (this.randomState + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.randomState ^ (this.randomState >>> 15), this.randomState | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

/** Some of its methods, in an object that can be copied. */
function bound<T extends object, K extends keyof T>(of: T, methods: readonly K[]): Pick<T, K> {
  return Object.fromEntries(
    methods.map((name) => [name, (...values: never[]) => (of[name] as (...values: never[]) => unknown).apply(of, values)]),
  ) as unknown as Pick<T, K>;
}
