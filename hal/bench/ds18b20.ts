/**
 * Maxim's DS18B20, temperature on a 1-Wire bus (data sheet 19-7487, revision 6): conversion by resolution,
 * scratchpad with its checksum, 85 °C before the first conversion. Not modelled: alarms, its EEPROM (a
 * sensor that is connected keeps its supply), supply by the bus, noise, and asking bit by bit whether it is
 * ready.
 */
import type { Air } from './air.ts';
import type { OneWireDevice } from './device.ts';

const FAMILY = '\x28';
const SERIAL_BYTES = 6;
const CONVERT = 0x44;
const WRITE_SCRATCHPAD = 0x4e;
const READ_SCRATCHPAD = 0xbe;
const CODE_POLYNOMIAL = 0x8c;
const MIN_C = -55;
const MAX_C = 125;
const POWER_ON_C = 85;
const STEPS_PER_C = 16;
/** Of 9 bits; each bit more doubles it. */
const SHORTEST_CONVERSION_MS = 93.75;
/** At delivery: alarms at 75 and 70 °C, 12 bits. */
const DELIVERED = '\x4b\x46\x7f';
/** Bytes 5 to 7, which are nobody's. */
const RESERVED = '\xff\x0c\x10';

export class Ds18b20 implements OneWireDevice {
  readonly rom: string;
  private readonly air: (nowMs: number) => Pick<Air, 'temperatureC'>;
  private settings = DELIVERED;
  private steps = POWER_ON_C * STEPS_PER_C;
  private converting: { steps: number; readyAtMs: number } | null = null;

  /** @param serial 0 to 2^32 - 1 @param air what it measures at that time */
  constructor(serial: number, air: (nowMs: number) => Pick<Air, 'temperatureC'>) {
    this.rom = romOf(serial);
    this.air = air;
  }

  transact(bytes: string, readBytes: number, nowMs: number): string {
    if (this.converting !== null && nowMs >= this.converting.readyAtMs) {
      this.steps = this.converting.steps;
      this.converting = null;
    }
    switch (bytes.charCodeAt(0)) {
      case CONVERT:
        this.convert(nowMs);
        // As long as it converts each bit is 0.
        return '\x00'.repeat(readBytes);
      case WRITE_SCRATCHPAD:
        this.settings = (bytes.slice(1, 4) + this.settings.slice(bytes.length - 1)).slice(0, DELIVERED.length);
        break;
      case READ_SCRATCHPAD:
        return (this.scratchpad() + '\xff'.repeat(readBytes)).slice(0, readBytes);
    }
    return '\xff'.repeat(readBytes);
  }

  private convert(nowMs: number): void {
    const coarse = 3 - ((this.settings.charCodeAt(2) >> 5) & 3);
    const c = Math.min(Math.max(this.air(nowMs).temperatureC, MIN_C), MAX_C);
    const steps = Math.round((c * STEPS_PER_C) / (1 << coarse)) * (1 << coarse);
    this.converting = { steps, readyAtMs: nowMs + SHORTEST_CONVERSION_MS * (1 << (3 - coarse)) };
  }

  private scratchpad(): string {
    const bytes = String.fromCharCode(this.steps & 0xff, (this.steps >> 8) & 0xff) + this.settings + RESERVED;
    return bytes + String.fromCharCode(checksumOf(bytes));
  }
}

/** Family code, serial number with its lowest byte first, and their checksum. */
function romOf(serial: number): string {
  let bytes = FAMILY;
  for (let at = 0; at < SERIAL_BYTES; at++) bytes += String.fromCharCode(Math.floor(serial / 256 ** at) & 0xff);
  bytes += String.fromCharCode(checksumOf(bytes));
  let digits = '';
  for (let at = 0; at < bytes.length; at++) digits += `0${bytes.charCodeAt(at).toString(16)}`.slice(-2);
  return digits;
}

/** The checksum of ROM codes and scratchpads (Maxim application note 27). */
export function checksumOf(bytes: string): number {
  let crc = 0;
  for (let at = 0; at < bytes.length; at++) {
    crc ^= bytes.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ CODE_POLYNOMIAL : crc >> 1;
  }
  return crc;
}
