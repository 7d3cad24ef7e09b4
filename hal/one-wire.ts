/**
 * 1-Wire buses whose controller the board is: one pin each, at standard speed (Maxim application note 126).
 * The pull-up (4.7 kΩ) is yours, and devices have a supply of their own: none is fed by the bus.
 */

export interface OneWire {
  /**
   * Who is on the bus: ROM codes of 16 lower-case hexadecimal digits, family code first and checksum last, in
   * the order in which the search finds them (Maxim application note 187); [] when nobody answers. Blocks,
   * some 15 ms for each. A long line may garble a code: look at its checksum.
   */
  search(pin: number): string[];
  /**
   * Resets the bus, addresses the device `rom`, writes to it and reads from it. Blocks until it is over, some
   * 0.5 ms a byte.
   * @param rom a ROM code; '': all that are there at once, for a bus with one device, or a command to all
   * @param bytes a binary string of 0 to 255: the command, and what belongs to it
   * @param readBytes 0 to 255, above 0 when there is nothing to write
   * @returns what was read, '' where nothing was to be read, and null when nobody at all is on the bus. Of a
   *   device that is not there the bytes are 0xff; of several that speak at once each bit that any of them
   *   pulls down is 0
   * @throws Error when a value is out of range, or the platform has no such bus
   */
  transfer(pin: number, rom: string, bytes: string, readBytes: number): string | null;
}
