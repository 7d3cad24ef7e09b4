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
