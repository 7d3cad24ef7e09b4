/** Backend 2: the HAL over a virtual board in a simulated world. A thin map; what a board does and how long it takes is in sim/board. */
import { createHash } from 'node:crypto';
import type { Hal } from '../index.ts';
import type { Machine } from './machine.ts';

export type { Machine } from './machine.ts';

export function createSimulatedHal(machine: Machine): Hal {
  return {
    clock: machine.clock,
    wallClock: machine.wallClock,
    wifi: machine.wifi,
    net: machine.net,
    gpio: machine.gpio,
    storage: { read: (name) => machine.readFile(name) },
    random: {
      uint32: () => machine.randomUint32(),
      seed: (value) => machine.mixRandom(value),
    },
    crypto: {
      sha1: (bytes) => createHash('sha1').update(bytes, 'latin1').digest('binary'),
      base64: (bytes) => Buffer.from(bytes, 'latin1').toString('base64'),
    },
    system: {
      uniqueId: () => machine.macAddress,
      onStop: (handler) => machine.setStopHandler(handler),
      offerSend: (send) => machine.setSender(send),
    },
    log: {
      line: (text) => machine.logLine(text),
      event: (name, subject, detail, value) => machine.logEvent(name, subject, detail, value),
    },
  };
}
