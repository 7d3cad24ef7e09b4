/** Digital pins. */

export type Level = 0 | 1;

/** What draws an input that nobody drives: some tens of kΩ up or down, or nothing. */
export type Pull = 'none' | 'up' | 'down';

export type Edge = 'rising' | 'falling' | 'both';

export interface Gpio {
  /**
   * Drives `pin` (the platform's GPIO number; LED1 of an ESP32 board is 2) to `level`, as an output, at once.
   */
  write(pin: number, level: Level): void;
  /** The level that `pin` has now; of an output, the level it was driven to. */
  read(pin: number): Level;
  /** Makes an input of `pin` that is drawn to a level as long as nobody drives it. */
  pull(pin: number, to: Pull): void;
  /**
   * Makes an input of `pin`, with the pull it has, and calls `handler` with the new level each time that the
   * pin has changed so: with a debounce not before it was steady for so long, without one at once, but never
   * from within this call. What changes and changes back in between is not told.
   * @param debounceMs 0 to 10,000
   * @param handler one for each pin: a second call replaces it, null ends it
   */
  watch(pin: number, edge: Edge, debounceMs: number, handler: ((level: Level) => void) | null): void;
  /**
   * Drives `pin` with pulses, until it is written or pulled: high for a share of the time.
   * @param duty 0 to 1 @param frequencyHz 1 to 100,000; how exactly it is met is the platform's affair
   */
  pwm(pin: number, duty: number, frequencyHz: number): void;
}
