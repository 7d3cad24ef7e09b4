/**
 * Sleep, by the `ESP32` object of that build. Rule 12: a deep sleep is a signed number of microseconds; it
 * ends by time or by a pin, as each way to begin one starts it at once (targets/esp32/jswrap_esp32.c). A
 * light sleep blocks, and the engine's timers go on from where it began.
 */
import type { Hal } from '../index.ts';
import { checkDeepSleep, checkLightSleep } from '../limits.ts';

const US_PER_MS = 1000;

export function addPower(hal: Hal): void {
  hal.power = {
    deepSleep(ms, wakePin, wakeLevel) {
      checkDeepSleep(ms, wakePin);
      if (typeof ESP32 === 'undefined') throw new Error('power.deepSleep: this Espruino cannot');
      if (wakePin === undefined) ESP32.deepSleep(ms * US_PER_MS);
      else if (ms > 0) throw new Error('power.deepSleep: Espruino wakes by time or by a pin, not both');
      else ESP32.deepSleepExt0(wakePin, wakeLevel === undefined ? 0 : wakeLevel);
    },
    lightSleep(ms, done) {
      checkLightSleep(ms);
      if (typeof ESP32 === 'undefined' || ESP32.lightSleep === undefined) throw new Error('power.lightSleep: this Espruino cannot');
      ESP32.lightSleep(ms);
      hal.clock.setTimeout(done, 0);
    },
  };
}
