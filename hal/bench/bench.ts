/** All that is connected to a board that is made of no metal. */
import { BenchAdc, BenchI2c, BenchOneWire, BenchSpi, BenchUart } from './buses.ts';
import { BenchPins } from './pins.ts';
import type { BenchTime } from './time.ts';

export interface BenchParts {
  time: BenchTime;
  /** For devices that take time: of the world, so that it goes on over a reset. */
  nowMs: () => number;
  /** Left out: plain ones. */
  pins?: BenchPins;
  /** Called with what the board sends to a serial port. */
  onUart?: (port: number, bytes: string) => void;
  /** Called with the bits of each transfer, and their rate. */
  onBits?: (bits: number, bitrateHz: number) => void;
}

export class Bench {
  readonly pins: BenchPins;
  readonly adc = new BenchAdc();
  readonly i2c: BenchI2c;
  readonly spi: BenchSpi;
  readonly oneWire: BenchOneWire;
  readonly uart: BenchUart;

  constructor({ time, nowMs, pins = new BenchPins(time), onUart = () => {}, onBits = () => {} }: BenchParts) {
    this.pins = pins;
    this.i2c = new BenchI2c(nowMs, onBits);
    this.spi = new BenchSpi(onBits);
    this.oneWire = new BenchOneWire(nowMs, onBits);
    this.uart = new BenchUart(time, onUart, onBits);
  }

  /** The board was reset; what is connected stays. */
  reset(): void {
    this.pins.reset();
    this.i2c.reset();
    this.spi.reset();
    this.uart.reset();
  }
}
