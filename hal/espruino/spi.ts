/** The engine's first SPI bus, which gives text for text and drives the select pin itself. */
import type { Hal } from '../index.ts';
import { checkSpi, checkSpiSetup } from '../limits.ts';

export function addSpi(hal: Hal): void {
  let isSetUp = false;
  hal.spi = {
    setup({ sck, mosi, miso, bitrateHz, mode }) {
      checkSpiSetup(bitrateHz, mode);
      if (typeof SPI1 === 'undefined') throw new Error('spi.setup: this Espruino has no SPI');
      SPI1.setup({ sck, mosi, miso, baud: bitrateHz, mode });
      isSetUp = true;
    },
    transfer(bytes, selectPin) {
      checkSpi(isSetUp, bytes);
      return SPI1.send(bytes, selectPin);
    },
  };
}
