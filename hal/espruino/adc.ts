/**
 * Analogue inputs: a share of the full scale, which is 3.3 V at the attenuation of 11 dB that Espruino begins
 * with, by name; calibration is none of its business (targets/esp32/jshardwareAnalog.c). NaN where there is
 * no converter.
 */
import type { Hal } from '../index.ts';

const FULL_SCALE_MV = 3300;

export function addAdc(hal: Hal): void {
  hal.adc = {
    read(pin) {
      const share = analogRead(pin);
      if (isNaN(share)) throw new Error('adc.read: pin ' + pin + ' has no converter');
      return share * FULL_SCALE_MV;
    },
  };
}
