/**
 * A thermometer that stays joined on a battery: it tells its radio to sleep through beacons, reads a DS18B20
 * (data sheet 19-7487) on pin 4 once a minute, and sends `21.5 C` when that has changed by half a degree
 * since the last time, and whenever its channel opens. Without a sensor, or when its bytes are garbled, it
 * says so in its log and goes on.
 */
import type { Hal } from 'hal';
import { createChannel } from '../channel/index.ts';
import type { DeviceConfig } from '../config.ts';

const PIN = 4;
const PERIOD_MS = 60000;
/** Of 12 bits, with some margin: 750 ms. */
const CONVERSION_MS = 800;
const CONVERT = '\x44';
const READ_SCRATCHPAD = '\xbe';
const SCRATCHPAD_BYTES = 9;
/** Sixteenths of a degree. */
const CHANGE_STEPS = 8;

export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  let isOpen = false;
  let steps: number | null = null;
  let sentSteps: number | null = null;

  function report(): void {
    if (!isOpen || steps === null) return;
    if (sentSteps !== null && Math.abs(steps - sentSteps) < CHANGE_STEPS) return;
    sentSteps = steps;
    channel.send(`${steps / 16} C`);
  }

  function measure(): void {
    hal.clock.setTimeout(measure, PERIOD_MS);
    try {
      if (hal.oneWire.transfer(PIN, '', CONVERT, 0) === null) hal.log.line('thermometer: no sensor');
      else hal.clock.setTimeout(read, CONVERSION_MS);
    } catch (error) {
      hal.log.line(`thermometer: ${(error as Error).message}`);
    }
  }

  function read(): void {
    const bytes = hal.oneWire.transfer(PIN, '', READ_SCRATCHPAD, SCRATCHPAD_BYTES);
    if (bytes === null || checksumOf(bytes) !== 0) {
      hal.log.line('thermometer: bad checksum');
      return;
    }
    steps = ((bytes.charCodeAt(0) | (bytes.charCodeAt(1) << 8)) << 16) >> 16;
    report();
  }

  try {
    hal.wifi.powerSave('max_modem');
  } catch (error) {
    hal.log.line(`thermometer: ${(error as Error).message}`);
  }
  channel.onState((state) => {
    isOpen = state === 'open';
    // Whoever is there now has not heard it.
    if (isOpen) sentSteps = null;
    report();
  });
  measure();
}

/** Over bytes that end with their checksum: 0 when it is right (Maxim application note 27). */
function checksumOf(bytes: string): number {
  let crc = 0;
  for (let at = 0; at < bytes.length; at++) {
    crc ^= bytes.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
  }
  return crc;
}
