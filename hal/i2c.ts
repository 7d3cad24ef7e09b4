/**
 * An I²C bus whose controller the board is (NXP UM10204). Seven-bit addresses; no clock stretching without
 * end.
 */

export interface I2cPins {
  sda: number;
  scl: number;
  /** 10,000 to 400,000: standard and fast mode. */
  bitrateHz: number;
}

export interface I2c {
  /**
   * Sets the bus up, or anew on other pins. Its pull-ups are yours.
   * @throws Error when the bit rate is out of range, or the platform has no such bus
   */
  setup(pins: I2cPins): void;
  /**
   * Writes to the device at `address` and, when `readBytes` is above 0, reads from it after a repeated start.
   * Blocks until it is over.
   * @param address 0x08 to 0x77 @param bytes a binary string of 0 to 255
   * @param readBytes 0 to 255, above 0 when there is nothing to write
   * @returns what was read, '' where nothing was to be read, and null when nobody acknowledged
   * @throws Error when a value is out of range, or before `setup`
   */
  transfer(address: number, bytes: string, readBytes: number): string | null;
}
