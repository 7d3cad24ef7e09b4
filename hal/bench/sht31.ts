/**
 * Sensirion's SHT31, temperature and humidity (data sheet SHT3x-DIS, version 7): single shots without clock
 * stretching, section 4.3; conversion, 4.13; checksum, 4.12. Not modelled: periodic measurements, alerts, the
 * heater, and noise.
 */

import type { Air } from './air.ts';
import type { I2cDevice } from './device.ts';

/** Longest measurement of high, medium and low repeatability, ms, by the second byte of the command. */
const MEASURES_MS: Readonly<Record<number, number>> = { 0: 15, 11: 6, 22: 4 };
const SINGLE_SHOT = 0x24;
const FULL_SCALE = 65_535;
const CRC_POLYNOMIAL = 0x31;

export class Sht31 implements I2cDevice {
  private readonly air: (nowMs: number) => Air;
  private readyAtMs = Number.POSITIVE_INFINITY;

  /** @param air what it measures at that time */
  constructor(air: (nowMs: number) => Air) {
    this.air = air;
  }

  write(bytes: string, nowMs: number): boolean {
    const tookMs = MEASURES_MS[bytes.charCodeAt(1)];
    if (bytes.length === 2 && bytes.charCodeAt(0) === SINGLE_SHOT && tookMs !== undefined) this.readyAtMs = nowMs + tookMs;
    // A soft reset, and all else that it knows.
    else this.readyAtMs = Number.POSITIVE_INFINITY;
    return true;
  }

  /** It does not acknowledge before its measurement is over, nor twice. */
  read(count: number, nowMs: number): string | null {
    if (nowMs < this.readyAtMs) return null;
    this.readyAtMs = Number.POSITIVE_INFINITY;
    const { temperatureC, humidityPercent } = this.air(nowMs);
    const words = [((temperatureC + 45) / 175) * FULL_SCALE, (humidityPercent / 100) * FULL_SCALE];
    return words.map(wordWithChecksum).join('').padEnd(count, '\xff').slice(0, count);
  }
}

function wordWithChecksum(value: number): string {
  const word = Math.min(Math.max(Math.round(value), 0), FULL_SCALE);
  const bytes = [word >> 8, word & 0xff];
  return String.fromCharCode(...bytes, checksum(bytes));
}

function checksum(bytes: readonly number[]): number {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ CRC_POLYNOMIAL) & 0xff : (crc << 1) & 0xff;
  }
  return crc;
}
