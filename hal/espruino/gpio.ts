/** Pins by their GPIO number: 2 is D2, the LED1 of an ESP32 board (rule 10). */
import type { Gpio, Level } from '../index.ts';

export function createGpio(): Pick<Gpio, 'write' | 'read'> {
  // `digitalRead` would turn an output into an input, so what was driven is remembered.
  const driven: Record<number, Level> = {};
  return {
    write(pin, level) {
      driven[pin] = level;
      digitalWrite(pin, level);
    },
    read(pin) {
      if (driven[pin] !== undefined) return driven[pin];
      return digitalRead(pin) ? 1 : 0;
    },
  };
}
