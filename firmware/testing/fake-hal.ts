/**
 * A HAL whose world is the test: time stands still until the test moves it, sockets do what the test says,
 * everything said is written down. Nothing here models a network or a platform; that is the simulator's.
 */
import { createHash } from 'node:crypto';
import type {
  Clock,
  Hal,
  Level,
  Log,
  Net,
  NetErrorKind,
  Power,
  PowerSaveMode,
  Random,
  ResetReason,
  Socket,
  SocketHandlers,
  Storage,
  System,
  TimerId,
  TlsFailure,
  TlsSettings,
  WallClock,
  Wifi,
} from 'hal';
import { Bench } from 'hal/bench/bench';
import { BenchPins } from 'hal/bench/pins';
import type { BenchTime } from 'hal/bench/time';
import { utf8Encode } from '../websocket/utf8.ts';
import { acceptFor, serverFrame } from './server-side.ts';

export class FakeClock implements Clock {
  nowMs = 0;
  private timers: { id: TimerId; dueMs: number; callback: () => void }[] = [];
  private lastId = 0;

  now(): number {
    return this.nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): TimerId {
    this.lastId++;
    this.timers.push({ id: this.lastId, dueMs: this.nowMs + delayMs, callback });
    return this.lastId;
  }

  clearTimeout(timer: TimerId): void {
    this.timers = this.timers.filter(({ id }) => id !== timer);
  }

  pending(): number {
    return this.timers.length;
  }

  /** Runs all that is due within the next `ms`, in order, and ends exactly there. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = this.timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs || a.id - b.id)[0];
      if (next === undefined) break;
      this.clearTimeout(next.id);
      this.nowMs = next.dueMs;
      next.callback();
    }
    this.nowMs = untilMs;
  }
}

/** Both sides of one scripted connection: what the firmware calls, and what the test does to it. */
export class FakeSocket implements Socket {
  /** Everything written, as it was written. */
  writes: string[] = [];
  /** What `write` answers. */
  welcome = true;
  paused = false;
  ended = false;
  destroyed = false;
  readonly address: string;
  readonly handlers: SocketHandlers;
  readonly tls: TlsSettings | null;

  constructor(address: string, handlers: SocketHandlers, tls: TlsSettings | null = null) {
    this.address = address;
    this.handlers = handlers;
    this.tls = tls;
  }

  write(bytes: string): boolean {
    this.writes.push(bytes);
    return this.welcome;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }

  receive(bytes: string): void {
    if (!this.destroyed) this.handlers.onData(bytes);
  }
  drain(): void {
    this.welcome = true;
    this.handlers.onDrain();
  }
  fin(): void {
    if (!this.destroyed) this.handlers.onClose(null);
  }
  fail(kind: NetErrorKind): void {
    if (!this.destroyed) this.handlers.onClose({ kind, message: kind });
  }
  failTls(tls: TlsFailure): void {
    if (!this.destroyed) this.handlers.onClose({ kind: 'tls', tls, message: tls });
  }

  /** The key that the request asked with. */
  key(): string {
    return /Sec-WebSocket-Key: (.*)\r\n/.exec(this.writes.join(''))?.[1] ?? '';
  }
  /** TCP connects and the server agrees. */
  open(): void {
    this.handlers.onConnect();
    this.receive(this.accepted());
  }
  accepted(): string {
    return (
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${acceptFor(this.key())}\r\n\r\n`
    );
  }
  text(text: string): void {
    this.receive(serverFrame(1, utf8Encode(text)));
  }
}

/** A platform that is told what to do; `silent` never answers a join. */
export class FakeWifi implements Wifi {
  connected = false;
  /** What the next joins come to: null joins, a text fails with it, undefined says nothing. */
  outcome: string | null | undefined = null;
  joins = 0;
  /** What the firmware told the radio. */
  readonly powerSaves: PowerSaveMode[] = [];
  lost: (reason: string) => void = () => {};
  private readonly clock: Clock;
  private readonly joinMs: number;

  constructor(clock: Clock, joinMs: number) {
    this.clock = clock;
    this.joinMs = joinMs;
  }

  connect(_ssid: string, _password: string, done: (failure: string | null) => void): void {
    const { outcome } = this;
    this.joins++;
    this.connected = false;
    if (outcome === undefined) return;
    this.clock.setTimeout(() => {
      this.connected = outcome === null;
      done(outcome);
    }, this.joinMs);
  }
  isConnected(): boolean {
    return this.connected;
  }
  rssi(): number | null {
    return this.connected ? -50 : null;
  }
  address(): string {
    return this.connected ? '192.168.1.7' : '';
  }
  powerSave(mode: PowerSaveMode): void {
    this.powerSaves.push(mode);
  }
  onDisconnected(handler: (reason: string) => void): void {
    this.lost = handler;
  }
  lose(reason: string): void {
    this.connected = false;
    this.lost(reason);
  }
}

class FakeLog implements Log {
  lines: string[] = [];
  events: { name: string; subject: string; detail: string; value: number; atMs: number }[] = [];
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }
  line(text: string): void {
    this.lines.push(text);
  }
  event(name: string, subject: string, detail: string, value: number): void {
    this.events.push({ name, subject, detail, value, atMs: this.clock.now() });
  }
  /** `state cause` of each change, '' left out. */
  states(): string[] {
    return this.events.filter(({ name }) => name === 'channel.state').map(({ subject, detail }) => `${subject} ${detail}`.trim());
  }
  named(name: string): { subject: string; detail: string; value: number; atMs: number }[] {
    return this.events.filter((event) => event.name === name);
  }
}

/** Reproducible and different at each call (mulberry32); its quality does not matter here. */
class FakeRandom implements Random {
  seeds: number[] = [];
  private state = 1;

  uint32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  seed(value: number): void {
    this.seeds.push(value);
  }
}

class FakeGpio extends BenchPins {
  edges: { atMs: number; pin: number; level: Level }[] = [];
  private readonly clock: Clock;

  constructor(time: BenchTime, clock: Clock) {
    super(time);
    this.clock = clock;
  }
  override write(pin: number, level: Level): void {
    super.write(pin, level);
    this.edges.push({ atMs: this.clock.now(), pin, level });
  }
}

export class FakeHal implements Hal {
  readonly clock = new FakeClock();
  readonly wifi = new FakeWifi(this.clock, 100);
  readonly log = new FakeLog(this.clock);
  readonly random = new FakeRandom();
  private readonly time: BenchTime = {
    later: (delayMs, run) => this.clock.setTimeout(run, delayMs),
    forget: (timer) => this.clock.clearTimeout(timer),
    run: (handler) => void this.clock.setTimeout(handler, 0),
  };
  readonly gpio = new FakeGpio(this.time, this.clock);
  /** What is connected to the board, and what it sent by its serial ports. */
  readonly bench = new Bench({
    time: this.time,
    nowMs: () => this.clock.now(),
    pins: this.gpio,
    onUart: (port, bytes) => this.uartSent.push([port, bytes]),
  });
  readonly uartSent: [port: number, bytes: string][] = [];
  readonly adc = this.bench.adc;
  readonly i2c = this.bench.i2c;
  readonly oneWire = this.bench.oneWire;
  readonly spi = this.bench.spi;
  readonly uart = this.bench.uart;
  readonly sockets: FakeSocket[] = [];
  readonly files: Record<string, string> = {};
  stop: () => void = () => {};

  epochMs = 0;
  readonly wallClock: WallClock = {
    now: () => this.epochMs,
    set: (epochMs) => {
      this.epochMs = epochMs;
    },
    parse: (date) => (date.endsWith(' GMT') ? Date.parse(date) || 0 : 0),
    synchronize: (_server, done) => void this.clock.setTimeout(() => done(null), 0),
  };
  readonly net: Net = {
    connect: (host, port, handlers, tls) => {
      this.sockets.push(new FakeSocket(`${host}:${port}`, handlers, tls));
      return this.socket();
    },
  };
  readonly storage: Storage = {
    read: (name) => this.files[name] ?? null,
    write: (name, bytes) => {
      this.files[name] = bytes;
      return true;
    },
    erase: (name) => {
      delete this.files[name];
    },
    list: () => Object.keys(this.files).sort(),
  };
  readonly system: System = {
    uniqueId: () => '240ac4000001',
    onStop: (handler) => {
      this.stop = handler;
    },
    restart: (reason) => this.end(`restart ${reason}`),
    resetReason: () => this.resetReason,
    watchdog: (ms) => void this.resets.push(`watchdog ${ms}`),
    feed: () => void this.resets.push('feed'),
    freeMemory: () => 100_000,
  };
  /** Why it has booted, and what it did to boot again, in order. */
  resetReason: ResetReason = 'power_on';
  readonly resets: string[] = [];
  readonly power: Power = {
    deepSleep: (ms, wakePin) => this.end(`sleep ${ms}${wakePin === undefined ? '' : ` or pin ${wakePin}`}`),
    lightSleep: (ms, done) => void this.clock.setTimeout(done, ms),
  };
  readonly crypto = {
    sha1: (bytes: string) => createHash('sha1').update(bytes, 'latin1').digest().toString('latin1'),
    base64: (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64'),
  };

  private end(how: string): never {
    this.resets.push(how);
    throw new Error(`the board has stopped: ${how}`);
  }

  /** The latest connection. */
  socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nothing was connected');
    return socket;
  }
}
