/**
 * A sensor on a battery: wakes, measures, sends what it has, waits until the relay has acknowledged it, and
 * sleeps deeply. What was measured is in flash before anything else happens, so that a brownout when the
 * radio begins to join, the likeliest moment, costs nothing: the next boot sends it too.
 *
 * A reading is a line `NUMBER °C %`, such as `17 21.5 45`: the number counts on over resets and sleep, so
 * that gaps show. A message has up to READINGS_SENT lines, and the oldest are forgotten when a relay stays
 * away. The sensor is an SHT31 (data sheet SHT3x-DIS, sections 4.3, 4.12, 4.13) at 0x44; without one the
 * reading says so.
 */
import type { Hal } from 'hal';
import { createChannel } from '../channel/index.ts';
import type { DeviceConfig } from '../config.ts';

const FILE = 'readings';
/** Kept while there is no relay: a day of them, every 10 minutes. */
const READINGS_KEPT = 144;
/** In one message. */
const READINGS_SENT = 16;
const SLEEP_MS = 600000;
/** Asleep again after that, whatever happened: a join, DHCP, TLS, and an answer. */
const AWAKE_MAX_MS = 60000;
/** From the command to the result, with some margin: the longest of high repeatability is 15 ms. */
const MEASURE_MS = 20;
const ADDRESS = 0x44;
const BUS = { sda: 21, scl: 22, bitrateHz: 100000 };
const MEASURE = '\x24\x00';
const RESULT_BYTES = 6;
/** As the relay spells its acknowledgement. */
const ACKNOWLEDGEMENT = 'Server got your message!';

export function app(hal: Hal, config: DeviceConfig): void {
  const reason = hal.system.resetReason();
  hal.log.line(reason === 'brownout' || reason === 'watchdog' ? `sensor: awake after a reset: ${reason}` : 'sensor: awake');
  const kept = readings(hal);
  measure(hal, (reading) => {
    const next = numberOf(kept[kept.length - 1]) + 1;
    kept.push(`${next} ${reading}`);
    hal.log.line(`sensor: ${kept[kept.length - 1]}`);
    save(hal, kept.slice(-READINGS_KEPT));
    send(hal, config, kept.slice(-READINGS_KEPT));
  });
}

/** What an earlier boot kept; at least the last reading that was sent, for its number. */
function readings(hal: Hal): string[] {
  const bytes = hal.storage.read(FILE);
  return bytes === null ? [] : bytes.split('\n');
}

function save(hal: Hal, kept: readonly string[]): void {
  if (!hal.storage.write(FILE, kept.join('\n'))) hal.log.line('sensor: the flash took nothing');
}

function numberOf(reading: string | undefined): number {
  return reading === undefined ? 0 : parseInt(reading.replace('=', ''), 10);
}

/** @param done gets `°C %`, or why there is none */
function measure(hal: Hal, done: (reading: string) => void): void {
  try {
    hal.i2c.setup(BUS);
    hal.i2c.transfer(ADDRESS, MEASURE, 0);
  } catch (error) {
    hal.log.line(`sensor: ${(error as Error).message}`);
  }
  hal.clock.setTimeout(() => done(result(hal)), MEASURE_MS);
}

function result(hal: Hal): string {
  let bytes: string | null = null;
  try {
    bytes = hal.i2c.transfer(ADDRESS, '', RESULT_BYTES);
  } catch {
    return 'no bus';
  }
  if (bytes === null) return 'no sensor';
  const temperature = wordOf(bytes, 0);
  const humidity = wordOf(bytes, 3);
  if (temperature < 0 || humidity < 0) return 'bad checksum';
  // Not toFixed, which cuts under Espruino.
  return `${Math.round((175 * 100 * temperature) / 65535 - 4500) / 100} ${Math.round((100 * 10 * humidity) / 65535) / 10}`;
}

/** Of two bytes with their checksum, or -1. */
function wordOf(bytes: string, at: number): number {
  let crc = 0xff;
  for (let i = at; i < at + 2; i++) {
    crc ^= bytes.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : (crc << 1) & 0xff;
  }
  return crc === bytes.charCodeAt(at + 2) ? bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1) : -1;
}

/** Sends all that was not acknowledged yet, a message at a time, and sleeps. */
function send(hal: Hal, config: DeviceConfig, kept: string[]): void {
  const channel = createChannel(hal, config);
  let underway: string[] = [];

  function sleep(): void {
    hal.log.line('sensor: sleeps');
    hal.power.deepSleep(SLEEP_MS);
  }

  function sendNext(): void {
    underway = kept.filter((reading) => reading.charAt(0) !== '=').slice(0, READINGS_SENT);
    if (underway.length === 0) sleep();
    else channel.send(underway.join('\n'));
  }

  channel.onState((state) => {
    if (state === 'open') sendNext();
  });
  channel.onMessage((data) => {
    if (data !== ACKNOWLEDGEMENT || underway.length === 0) return;
    // The last reading stays for its number, marked as sent.
    const last = kept[kept.length - 1];
    kept = kept.filter((reading) => underway.indexOf(reading) < 0 && reading.charAt(0) !== '=');
    if (kept.length === 0) kept = [`=${last}`];
    underway = [];
    save(hal, kept);
    sendNext();
  });
  hal.clock.setTimeout(sleep, AWAKE_MAX_MS);
}
