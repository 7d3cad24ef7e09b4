/** A board from outside: what somebody beside it can do, or its access point to its station. */
import type { Level } from 'hal';
import type { Board } from '../../board/board.ts';

export interface BoardControl {
  /** It starts anew from flash; its sockets are gone without a word. */
  reset(): void;
  /** Takes its power, or gives it back. */
  setPower(on: boolean): void;
  /** Its app sends so many messages of so many bytes, one right after the other. */
  burst(messages: number, bytes: number): void;
  /** Its calendar says this, ms since 1970, from now on; null: what it says at power-on. */
  setClock(epochMs: number | null): void;
  /** Whether anybody answers its questions for names. */
  setResolver(on: boolean): void;
  /** The access point sends its station away, with this reason code of 802.11. */
  deauthenticate(reason: number): void;
  /** Its station leaves for another access point of its network: a disconnection for the firmware, then a shorter join. */
  roam(): void;
  pinLevel(pin: number): Level;
  /** Called for each pin that it drives from now on; null: no longer. */
  watchPins(listener: ((pin: number, level: Level) => void) | null): void;
}

export class WorldBoard implements BoardControl {
  private readonly board: Board;

  constructor(board: Board) {
    this.board = board;
  }

  reset(): void {
    this.board.boot();
  }

  setPower(on: boolean): void {
    if (on) this.board.boot();
    else this.board.powerOff();
  }

  burst(messages: number, bytes: number): void {
    this.board.burst(messages, bytes);
  }

  setClock(epochMs: number | null): void {
    this.board.wallClock.setByStep(epochMs);
  }

  setResolver(on: boolean): void {
    this.board.net.resolverDown = !on;
  }

  deauthenticate(reason: number): void {
    this.board.deauthenticate(reason);
  }

  roam(): void {
    this.board.roam();
  }

  pinLevel(pin: number): Level {
    return this.board.gpio.read(pin);
  }

  watchPins(listener: ((pin: number, level: Level) => void) | null): void {
    this.board.gpio.watch(listener);
  }
}
