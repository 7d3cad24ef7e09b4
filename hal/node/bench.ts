/**
 * Pins, buses and ports of a computer that plays a board, in memory. What is connected to them stays when the
 * next board is put in the place of the last.
 */
import { performance } from 'node:perf_hooks';
import type { Air } from '../bench/air.ts';
import { Bench } from '../bench/bench.ts';
import { Bme280 } from '../bench/bme280.ts';
import { Ds18b20 } from '../bench/ds18b20.ts';
import { BenchPins } from '../bench/pins.ts';
import { Sht31 } from '../bench/sht31.ts';
import type { BenchTime } from '../bench/time.ts';
import type { Clock, Level } from '../index.ts';

export interface BenchListeners {
  /** Called after a pin was driven. */
  onPin?(pin: number, level: Level): void;
  /** Called after a pin was driven with pulses. */
  onPwm?(pin: number, duty: number, frequencyHz: number): void;
  /** Called with what the firmware sends to a serial port. */
  onUart?(port: number, bytes: string): void;
}

/** The board that lies there now. */
interface Seat extends BenchListeners {
  clock: Clock | null;
}

class NodePins extends BenchPins {
  private readonly seat: Seat;

  constructor(time: BenchTime, seat: Seat) {
    super(time);
    this.seat = seat;
  }

  override write(pin: number, level: Level): void {
    super.write(pin, level);
    this.seat.onPin?.(pin, level);
  }

  override pwm(pin: number, duty: number, frequencyHz: number): void {
    super.pwm(pin, duty, frequencyHz);
    this.seat.onPwm?.(pin, duty, frequencyHz);
  }
}

export class NodeBench extends Bench {
  private readonly seat: Seat;
  private air: Air | null = null;

  constructor() {
    const seat: Seat = { clock: null };
    const time: BenchTime = {
      later: (delayMs, run) => seat.clock?.setTimeout(run, delayMs) ?? 0,
      forget: (timer) => seat.clock?.clearTimeout(timer),
      run: (handler) => void seat.clock?.setTimeout(handler, 0),
    };
    super({
      time,
      nowMs: () => performance.now(),
      pins: new NodePins(time, seat),
      onUart: (port, bytes) => seat.onUart?.(port, bytes),
    });
    this.seat = seat;
  }

  /** A board that has just booted is put there. */
  plug(clock: Clock, { onPin, onPwm, onUart }: BenchListeners): void {
    this.reset();
    Object.assign(this.seat, { clock, onPin, onPwm, onUart });
  }

  /** What sensors measure, which are there from the first time on: SHT31, BME280, and DS18B20 on pin 4. */
  setAir(air: Air): void {
    const isFirst = this.air === null;
    this.air = air;
    if (!isFirst) return;
    const now = (): Air => this.air ?? air;
    this.i2c.connect(0x44, new Sht31(now));
    this.i2c.connect(0x76, new Bme280(now));
    this.oneWire.connect(4, new Ds18b20(1, now));
  }
}
