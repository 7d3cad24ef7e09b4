/**
 * What an engine on a computer has no hardware for, below the engine's own names: the backend calls `I2C1` or
 * `analogRead` as on a board, and these answer. A device that does not acknowledge is an exception, as on an
 * ESP32 (targets/esp32/jshardwareI2c.c). The serial port is the engine's own loopback.
 */
import type { I2cDevice, OneWireDevice } from 'hal/bench/device';

interface Serial {
  write(bytes: string): void;
  on(event: 'data', handler: (bytes: string) => void): void;
}

declare const LoopbackA: Serial;
declare const I2C1: unknown;
declare const SPI1: unknown;
declare const Serial2: unknown;
declare const OneWire: unknown;
declare const LoopbackB: Serial;
declare function getTime(): number;

const globals = globalThis as unknown as Record<string, unknown>;
// A global that is built in can be replaced only once it has been looked at.
globals.builtIn = [typeof I2C1, typeof SPI1, typeof OneWire, typeof Serial2];

declare function setTimeout(callback: () => void, delayMs: number): number;
declare function clearTimeout(timer: number): void;

/**
 * Pins, as the engine has them on a board: an input has what others drive it to, else its pull; a watch waits
 * until a pin was steady for its debounce (src/jsinteractive.c).
 */
const pins: { outside: Record<number, number>; driven: Record<number, number | undefined>; pulls: Record<number, string> } = {
  outside: {},
  driven: {},
  pulls: {},
};
const pulses: Record<number, { duty: number; frequencyHz: number } | null> = {};

interface EngineWatch {
  pin: number;
  edge: string;
  debounceMs: number;
  tell: (change: { state: boolean }) => void;
  level: number;
  timer: number;
}
const watches: Record<number, EngineWatch | undefined> = {};
let lastWatch: number = 0;

function levelOf(pin: number): number {
  const driven = pins.driven[pin];
  if (driven !== undefined) return driven;
  const outside = pins.outside[pin];
  return outside !== undefined ? outside : pins.pulls[pin] === 'input_pullup' ? 1 : 0;
}

function tellWatch(watch: EngineWatch): void {
  watch.timer = 0;
  const level = levelOf(watch.pin);
  if (level === watch.level) return;
  watch.level = level;
  if (watch.edge === 'both' || watch.edge === (level === 1 ? 'rising' : 'falling')) watch.tell({ state: level === 1 });
}

/** Replaces what the engine's pins would be, the first time that a case drives one. */
function playPins(): void {
  if (globals.pinsPlayed) return;
  globals.pinsPlayed = true;
  globals.digitalRead = (pin: number) => {
    // It makes an input of the pin.
    pins.driven[pin] = undefined;
    return levelOf(pin);
  };
  globals.digitalWrite = (pin: number, level: number) => {
    pins.driven[pin] = level;
    pulses[pin] = null;
  };
  globals.pinMode = (pin: number, mode: string) => {
    pins.driven[pin] = undefined;
    pins.pulls[pin] = mode;
  };
  globals.setWatch = (
    tell: (change: { state: boolean }) => void,
    pin: number,
    options: { repeat: boolean; edge: string; debounce: number },
  ) => {
    pins.driven[pin] = undefined;
    lastWatch++;
    watches[lastWatch] = { pin, edge: options.edge, debounceMs: options.debounce, tell, level: levelOf(pin), timer: 0 };
    return lastWatch;
  };
  globals.clearWatch = (id: number) => {
    const watch = watches[id];
    if (watch !== undefined && watch.timer !== 0) clearTimeout(watch.timer);
    watches[id] = undefined;
  };
}

globals.analogWrite = (pin: number, duty: number, options: { freq: number }) => {
  playPins();
  pulses[pin] = { duty, frequencyHz: options.freq };
};

export function drivePin(pin: number, level: number): void {
  playPins();
  pins.outside[pin] = level;
  for (let id = 1; id <= lastWatch; id++) {
    const watch = watches[id];
    if (watch === undefined || watch.pin !== pin) continue;
    if (watch.timer !== 0) clearTimeout(watch.timer);
    watch.timer = 0;
    // Without a debounce each edge is an event of its own, told in the idle loop.
    const now = levelOf(pin);
    if (watch.debounceMs > 0) watch.timer = setTimeout(() => tellWatch(watch), watch.debounceMs);
    else if (now !== watch.level) {
      watch.level = now;
      if (watch.edge === 'both' || watch.edge === (now === 1 ? 'rising' : 'falling')) setTimeout(() => watch.tell({ state: now === 1 }), 0);
    }
  }
}

export function pwmOf(pin: number): { duty: number; frequencyHz: number } | null {
  const pwm = pulses[pin];
  return pwm === undefined ? null : pwm;
}

export function setVoltage(pin: number, mv: number): void {
  globals.analogRead = (asked: number) => (asked === pin ? mv / 3300 : Number.NaN);
}

export function connectI2c(address: number, device: I2cDevice): void {
  const nowMs = () => getTime() * 1000;
  globals.I2C1 = {
    setup() {},
    writeTo(to: { address: number }, bytes: string) {
      if (to.address !== address || !device.write(bytes, nowMs())) throw new Error('I2CWrite: no ACK');
    },
    readFrom(from: number, count: number) {
      const bytes = from === address ? device.read(count, nowMs()) : null;
      if (bytes === null) throw new Error('I2CRead: no ACK');
      return new Uint8Array(bytes.split('').map((byte) => byte.charCodeAt(0)));
    },
  };
}

export function sendUart(bytes: string): void {
  LoopbackB.write(bytes);
}

export function loopSpi(): void {
  globals.SPI1 = { setup() {}, send: (bytes: string) => bytes };
}

const oneWire: { pin: number; device: OneWireDevice }[] = [];

/** Whoever was there on the pin with the same code gives way. */
export function connectOneWire(pin: number, device: OneWireDevice): void {
  oneWire.push({ pin, device });
}

class EngineOneWire {
  private readonly there: OneWireDevice[];
  private chosen: OneWireDevice[] = [];
  private command: string = '';

  constructor(pin: number) {
    this.there = oneWire.filter((one) => one.pin === pin).map(({ device }) => device);
  }

  reset(): boolean {
    this.command = '';
    return this.there.length > 0;
  }

  select(rom: string): void {
    this.chosen = this.there.filter((device) => device.rom === rom);
  }

  skip(): void {
    this.chosen = this.there;
  }

  write(bytes: string): void {
    this.command = bytes;
    for (const device of this.chosen) device.transact(bytes, 0, getTime() * 1000);
  }

  /** Of one device: a real bus puts together what several say. */
  read(count: number): Uint8Array {
    const read = this.chosen.length === 0 ? '' : this.chosen[0].transact(this.command, count, getTime() * 1000);
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at++) bytes[at] = at < read.length ? read.charCodeAt(at) : 0xff;
    return bytes;
  }

  search(): string[] {
    return this.there.map(({ rom }) => rom);
  }
}

globals.OneWire = EngineOneWire;

/** What the board has sent by its first port. */
export const uartHeard = { bytes: '' };

globals.Serial2 = LoopbackA;
LoopbackB.on('data', (bytes) => {
  uartHeard.bytes += bytes;
});
