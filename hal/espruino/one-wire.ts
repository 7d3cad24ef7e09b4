/**
 * The engine's software OneWire (src/jswrap_onewire.c). Rule 15: `select` resets the bus and tells nobody
 * whether a device has answered, so `reset` is asked before it; `search` begins each time anew.
 */
import type { Hal } from '../index.ts';
import { checkOneWire } from '../limits.ts';

export function addOneWire(hal: Hal): void {
  function busOn(pin: number): EspruinoOneWire {
    if (typeof OneWire === 'undefined') throw new Error('oneWire: this Espruino has none');
    return new OneWire(pin);
  }

  hal.oneWire = {
    search: (pin) => busOn(pin).search(),
    transfer(pin, rom, bytes, readBytes) {
      checkOneWire(rom, bytes, readBytes);
      const bus = busOn(pin);
      if (!bus.reset()) return null;
      if (rom === '') bus.skip();
      else bus.select(rom);
      if (bytes !== '') bus.write(bytes);
      return readBytes === 0 ? '' : E.toString(bus.read(readBytes));
    },
  };
}
