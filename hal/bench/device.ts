/** A device on a bus of a board that is made of no metal. */

export interface I2cDevice {
  /** The board writes. @returns whether the device acknowledges */
  write(bytes: string, nowMs: number): boolean;
  /** The board reads. null: it does not acknowledge */
  read(count: number, nowMs: number): string | null;
}

/** At the other end of an SPI bus: gives a byte for each that it gets. */
export type SpiDevice = (bytes: string) => string;

/** On a 1-Wire bus. */
export interface OneWireDevice {
  /** Its ROM code, as in hal/one-wire.ts. */
  readonly rom: string;
  /**
   * It was addressed after a reset of the bus; the board writes, and then reads as many bytes. Bits that it
   * does not drive are 1.
   */
  transact(bytes: string, readBytes: number, nowMs: number): string;
}
