/** Analogue inputs. */

export interface Adc {
  /**
   * The voltage at `pin`, millivolts, 0 to 3,300: one sample, as exact as the chip (an ESP32 without
   * calibration is off by some 6 %, and at both ends by more). On an ESP32 use pins 32 to 39: the others'
   * converter is Wi-Fi's.
   * @throws Error where the pin has no converter and the platform knows it
   */
  read(pin: number): number;
}
