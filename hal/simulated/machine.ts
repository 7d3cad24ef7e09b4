/**
 * What the simulated backend asks of a virtual board: the small interface that sim/board implements. Most
 * capabilities are the board's own objects.
 */
import type { Adc, Clock, Gpio, I2c, Log, Net, OneWire, Power, Random, Spi, Storage, System, Uart, WallClock, Wifi } from '../index.ts';

export interface Machine {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly wifi: Wifi;
  readonly net: Net;
  /** What it lies on, and is connected to. */
  readonly bench: {
    readonly pins: Gpio;
    readonly adc: Adc;
    readonly i2c: I2c;
    readonly spi: Spi;
    readonly oneWire: OneWire;
    readonly uart: Uart;
  };
  readonly power: Power;
  readonly resets: Pick<System, 'restart' | 'resetReason' | 'watchdog' | 'feed' | 'freeMemory'>;
  readonly storage: Storage;
  readonly random: Random;
  readonly log: Log;
  /** 12 lower-case hexadecimal digits. */
  readonly macAddress: string;
  setStopHandler(handler: () => void): void;
  setSender(send: (data: string, binary: boolean) => boolean): void;
}
