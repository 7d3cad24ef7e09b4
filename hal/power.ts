/**
 * Sleep. A board that sleeps deeply keeps nothing but its flash: what comes next is a boot, whose
 * `system.resetReason()` is `deep_sleep`.
 *
 * What both cost and save is the platform's; in ESP-IDF esp_deep_sleep_start and esp_light_sleep_start
 * (esp_sleep.h). Wi-Fi that stays joined while the CPU rests is no sleep of these: see `wifi.powerSave`.
 */
import type { Level } from './gpio.ts';

export interface Power {
  /**
   * Sleeps at once and never returns: nothing of the handler that calls it runs after it, timers and sockets
   * are gone without a word, and the board boots again, not before `ms` have passed or, when `wakePin` is
   * given, as soon as that pin has `wakeLevel` (0 when left out: a button to ground). How long a boot takes
   * is the platform's affair.
   * @param ms 1 to 2,147,483 (35 minutes: what a signed number of microseconds holds); 0: until the pin wakes
   * it
   * @param wakePin of a pin that can (an ESP32's RTC pins: 0, 2, 4, 12 to 15, 25 to 27, 32 to 39)
   * @throws Error when `ms` is out of range, when nothing could wake it, or when the platform cannot:
   *   Espruino wakes by time or by a pin, not by whichever is first
   */
  deepSleep(ms: number, wakePin?: number, wakeLevel?: Level): void;

  /**
   * Stops the CPU for `ms` from when the running handler is over (or at once: Espruino), with memory kept,
   * and then calls `done`. Not before `ms` have passed; other timers run late, by as much as the sleep took
   * at most. The radio is off: whoever had joined must look at `wifi.isConnected`, and all sockets may be
   * dead.
   * @param ms 1 to 2,147,483
   * @throws Error when `ms` is out of range, or the platform has no light sleep
   */
  lightSleep(ms: number, done: () => void): void;
}
