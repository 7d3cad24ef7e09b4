/**
 * Backend 2: the HAL over a virtual board in a simulated world. A thin map; what a board does and how long it
 * takes is in sim/board.
 */
import { createHash } from 'node:crypto';
import type { Crypto, Hal } from '../index.ts';
import type { Machine } from './machine.ts';

export type { Machine } from './machine.ts';

const crypto: Crypto = {
  sha1: (bytes) => createHash('sha1').update(bytes, 'latin1').digest('binary'),
  base64: (bytes) => Buffer.from(bytes, 'latin1').toString('base64'),
};

export function createSimulatedHal(machine: Machine): Hal {
  const { bench, resets } = machine;
  return {
    clock: machine.clock,
    wallClock: machine.wallClock,
    wifi: machine.wifi,
    net: machine.net,
    gpio: bench.pins,
    adc: bench.adc,
    i2c: bench.i2c,
    spi: bench.spi,
    oneWire: bench.oneWire,
    uart: bench.uart,
    storage: machine.storage,
    random: machine.random,
    crypto,
    system: {
      uniqueId: () => machine.macAddress,
      onStop: (handler) => machine.setStopHandler(handler),
      restart: (reason) => resets.restart(reason),
      resetReason: () => resets.resetReason(),
      watchdog: (ms) => resets.watchdog(ms),
      feed: () => resets.feed(),
      freeMemory: () => resets.freeMemory(),
      offerSend: (send) => machine.setSender(send),
    },
    power: machine.power,
    log: machine.log,
  };
}
