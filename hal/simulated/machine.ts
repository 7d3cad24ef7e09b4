/** What the simulated backend asks of a virtual board: the small interface that sim/board implements. Capabilities that are used all the time are the board's own objects. */
import type { Clock, Gpio, Net, WallClock, Wifi } from '../index.ts';

export interface Machine {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly wifi: Wifi;
  readonly net: Net;
  readonly gpio: Gpio;
  /** A file in the board's flash, as a binary string. */
  readFile(name: string): string | null;
  randomUint32(): number;
  mixRandom(value: number): void;
  /** 12 lower-case hexadecimal digits. */
  readonly macAddress: string;
  setStopHandler(handler: () => void): void;
  setSender(send: (data: string, binary: boolean) => boolean): void;
  logLine(text: string): void;
  logEvent(name: string, subject: string, detail: string, value: number): void;
}
