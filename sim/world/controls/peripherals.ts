/** What is connected to a board, and what becomes of it. */
import type { Level } from 'hal';
import type { Board } from '../../board/board.ts';
import type { FlashHealth } from '../../board/peripherals/flash.ts';

export interface PeripheralControl {
  /** Somebody outside drives a pin. */
  setPin(pin: number, level: Level): void;
  /** Whether its flash takes what is written. @returns how it was before */
  setFlash(health: FlashHealth): FlashHealth;
}

export class WorldPeripherals implements PeripheralControl {
  private readonly board: Board;

  constructor(board: Board) {
    this.board = board;
  }

  setPin(pin: number, level: Level): void {
    this.board.bench.pins.drive(pin, level);
  }

  setFlash(health: FlashHealth): FlashHealth {
    const before = this.board.flashHealth;
    this.board.flashHealth = health;
    return before;
  }
}
