/**
 * Backend 1: the HAL over Espruino's modules, for an ESP32 and for every Espruino build that has `net`,
 * `crypto` and `Storage`.
 *
 * A thin map. What it adds is what keeps the platform's traps from the firmware; "Rule n" in these files
 * counts them. The parts that `add…` adds are in a program only if it names what they have
 * (firmware/build/hal-parts.ts). Runs on the device, so it keeps to the subset of the language that
 * firmware/README.md describes. TLS encrypts and shows the board's certificate; it cannot verify a server
 * (rule 6).
 */
import type { Hal } from '../index.ts';
import { addAdc } from './adc.ts';
import { createClock } from './clock.ts';
import { createCrypto } from './crypto.ts';
import { addFiles } from './files.ts';
import { createGpio } from './gpio.ts';
import { addI2c } from './i2c.ts';
import { createNet } from './net.ts';
import { addOneWire } from './one-wire.ts';
import { addPins } from './pins.ts';
import { addPower } from './power.ts';
import { createRandom } from './random.ts';
import { addResets } from './resets.ts';
import { addSpi } from './spi.ts';
import { addStation } from './station.ts';
import { addUart } from './uart.ts';
import { reportUncaught } from './uncaught.ts';
import { createWallClock } from './wall-clock.ts';
import { createWifi } from './wifi.ts';

/**
 * @param files read when the device's Storage has no file of that name: what the build put into the program
 * @throws Error when this Espruino lacks something without which no WebSocket can be opened
 */
export function createEspruinoHal(files: Record<string, string>): Hal {
  reportUncaught();
  const random = createRandom();
  const wifi = createWifi(random);
  const hal = {
    clock: createClock(),
    wallClock: createWallClock(),
    wifi,
    net: createNet(wifi),
    gpio: createGpio(),
    storage: {
      read(name: string) {
        const bytes = require('Storage').read(name);
        if (bytes !== undefined) return bytes;
        return files.hasOwnProperty(name) ? files[name] : null;
      },
    },
    random,
    crypto: createCrypto(),
    system: {
      uniqueId: () => ('000000000000' + getSerial().replace(/[^0-9a-fA-F]/g, '')).slice(-12).toLowerCase(),
      // A board is never asked to stop: it loses power.
      onStop: () => {},
    },
    log: {
      line: (text: string) => console.log(text),
      // For metrics, which a board does not keep: at 115,200 baud the console has room for the lines only.
      event: () => {},
    },
  } as unknown as Hal;
  addAdc(hal);
  addFiles(hal);
  addI2c(hal);
  addOneWire(hal);
  addPins(hal);
  addResets(hal);
  addPower(hal);
  addSpi(hal);
  addStation(hal);
  addUart(hal);
  return hal;
}
