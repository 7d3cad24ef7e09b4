/** What the simulated backend asks of a virtual board: the small interface that sim/board implements. Times in milliseconds. */
import type { Level, Net, WallClock, Wifi } from '../index.ts';

export interface Machine {
  /** Since the board's power came on. */
  nowMs(): number;
  /** @returns a number of at least 1 */
  startTimer(callback: () => void, delayMs: number): number;
  stopTimer(timer: number): void;
  readonly wallClock: WallClock;
  readonly wifi: Wifi;
  readonly net: Net;
  setPin(pin: number, level: Level): void;
  pinLevel(pin: number): Level;
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
