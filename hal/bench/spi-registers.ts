/**
 * A device with registers at the end of an SPI bus. The first byte of a transfer has bit 7 set for a read and
 * the register's number in the others (as of Bosch's BME280, data sheet section 6.3, and most of its kin); a
 * read goes on from register to register, and so does a write.
 */
import type { I2cDevice, SpiDevice } from './device.ts';

const READ = 0x80;

/** @param offset added to a number of seven bits: 128 for a chip whose registers are all above that */
export function spiRegisters(device: I2cDevice, offset: number, nowMs: () => number): SpiDevice {
  return (bytes) => {
    const first = bytes.charCodeAt(0);
    const register = String.fromCharCode((first & ~READ) + offset);
    const silent = '\xff'.repeat(bytes.length);
    if ((first & READ) === 0) {
      device.write(register + bytes.slice(1), nowMs());
      return silent;
    }
    device.write(register, nowMs());
    return silent.charAt(0) + (device.read(bytes.length - 1, nowMs()) ?? silent.slice(1));
  };
}
