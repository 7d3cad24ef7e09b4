/** Digital pins. */

export type Level = 0 | 1;

export interface Gpio {
  /**
   * Drives `pin` (the platform's GPIO number; LED1 of an ESP32 board is 2) to `level`, as an output, at once.
   */
  write(pin: number, level: Level): void;
  /** The level that `pin` has now; of an output, the level it was driven to. */
  read(pin: number): Level;
}
