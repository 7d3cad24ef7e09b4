/**
 * What the simulated backend asks of a virtual board: the small interface that sim/board implements. Most
 * capabilities are the board's own objects.
 */
import type { Clock, Gpio, Log, Net, Power, Random, Storage, System, WallClock, Wifi } from '../index.ts';

export interface Machine {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly wifi: Wifi;
  readonly net: Net;
  readonly gpio: Gpio;
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
