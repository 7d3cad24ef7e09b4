/** An SPI bus whose controller the board is; the bit that counts most first. */

export interface SpiPins {
  sck: number;
  mosi: number;
  miso: number;
  /** 10,000 to 40,000,000; the platform takes the nearest that it has. */
  bitrateHz: number;
  /** Clock polarity and phase, 0 to 3. */
  mode: number;
}

export interface Spi {
  /** Sets the bus up, or anew. @throws Error when a value is out of range, or the platform has no such bus */
  setup(pins: SpiPins): void;
  /**
   * Sends 1 to 4,096 bytes and returns as many: what came meanwhile. Blocks until it is over.
   * @param selectPin held low for as long as it takes, high before and after
   * @throws Error when there are too few bytes or too many, or before `setup`
   */
  transfer(bytes: string, selectPin?: number): string;
}
