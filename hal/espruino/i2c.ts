/**
 * The engine's first I²C bus. Rule 14: a device that does not acknowledge is an exception
 * (targets/esp32/jshardwareI2c.c, checkError), and a write of nothing is none at all.
 */
import type { Hal } from '../index.ts';
import { checkI2c, checkI2cSetup } from '../limits.ts';

export function addI2c(hal: Hal): void {
  let isSetUp = false;
  hal.i2c = {
    setup({ sda, scl, bitrateHz }) {
      checkI2cSetup(bitrateHz);
      if (typeof I2C1 === 'undefined') throw new Error('i2c.setup: this Espruino has no I2C');
      I2C1.setup({ sda, scl, bitrate: bitrateHz });
      isSetUp = true;
    },
    transfer(address, bytes, readBytes) {
      checkI2c(isSetUp, address, bytes, readBytes);
      try {
        if (bytes !== '') I2C1.writeTo({ address, stop: readBytes === 0 }, bytes);
        return readBytes === 0 ? '' : E.toString(I2C1.readFrom(address, readBytes));
      } catch {
        return null;
      }
    },
  };
}
