/**
 * Bosch's BME280, temperature, humidity and pressure (data sheet BST-BME280-DS001, revision 1.24): its memory
 * map (section 5.3), forced and normal mode. The registers hold what the data sheet's compensation (section
 * 4.2.3 and appendix 8.1, in floating point) makes the wished values of, found by halving. Not modelled:
 * oversampling, filter and noise; a measurement is there as soon as it is read.
 */
import type { Air } from './air.ts';
import type { I2cDevice } from './device.ts';
import { RegisterDevice } from './registers.ts';

/**
 * One sensor's trimming: of temperature and pressure the example of Bosch's BMP280 data sheet (section 3.12).
 */
const T = [27_504, 26_435, -1_000] as const;
const P = [36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000] as const;
/** Of humidity such as sensors have. */
const H = [75, 362, 0, 313, 50, 30] as const;

const CHIP_ID = 0x60;
const ID = 0xd0;
const STATUS = 0xf3;
const DATA = 0xf7;
const DATA_BYTES = 8;
const RAW_MAX_20 = 0xfffff;
const RAW_MAX_16 = 0xffff;

export class Bme280 implements I2cDevice {
  private readonly registers = new RegisterDevice(trimming());
  private readonly air: (nowMs: number) => Air;

  /** @param air what it measures at that time */
  constructor(air: (nowMs: number) => Air) {
    this.air = air;
  }

  write(bytes: string): boolean {
    const register = bytes.charCodeAt(0);
    // What it says itself nobody overwrites.
    return this.registers.write(register >= DATA || register === ID || register === STATUS ? bytes.charAt(0) : bytes);
  }

  read(count: number, nowMs: number): string {
    const raw = rawOf(this.air(nowMs));
    for (let at = 0; at < raw.length; at++) this.registers.set(DATA + at, raw[at]);
    return this.registers.read(count);
  }
}

/** The registers from 0xf7 on: pressure and temperature of 20 bits, humidity of 16. */
function rawOf({ temperatureC, humidityPercent, pressureHpa }: Air): number[] {
  const temperature = solve((raw) => fineOf(raw) / 5_120, temperatureC, RAW_MAX_20);
  const fine = fineOf(temperature);
  // More is less: the raw value falls as the pressure rises.
  const pressure = solve((raw) => -pascalOf(raw, fine), -pressureHpa * 100, RAW_MAX_20);
  const humidity = solve((raw) => relativeOf(raw, fine), humidityPercent, RAW_MAX_16);
  const bytes = [pressure, temperature].flatMap((raw) => [raw >> 12, (raw >> 4) & 0xff, (raw & 0xf) << 4]);
  return [...bytes, humidity >> 8, humidity & 0xff].slice(0, DATA_BYTES);
}

/** The raw value for which a rising function comes nearest to `wanted`. */
function solve(of: (raw: number) => number, wanted: number, max: number): number {
  let [low, high] = [0, max];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - of(low - 1) < of(low) - wanted ? low - 1 : low;
}

/** `t_fine`. */
function fineOf(raw: number): number {
  const first = (raw / 16_384 - T[0] / 1_024) * T[1];
  const second = (raw / 131_072 - T[0] / 8_192) ** 2 * T[2];
  return first + second;
}

function pascalOf(raw: number, fine: number): number {
  let v1 = fine / 2 - 64_000;
  let v2 = (v1 * v1 * P[5]) / 32_768;
  v2 = v2 + v1 * P[4] * 2;
  v2 = v2 / 4 + P[3] * 65_536;
  v1 = ((P[2] * v1 * v1) / 524_288 + P[1] * v1) / 524_288;
  v1 = (1 + v1 / 32_768) * P[0];
  let p = ((1_048_576 - raw - v2 / 4_096) * 6_250) / v1;
  v1 = (P[8] * p * p) / 2_147_483_648;
  v2 = (p * P[7]) / 32_768;
  p = p + (v1 + v2 + P[6]) / 16;
  return p;
}

function relativeOf(raw: number, fine: number): number {
  const t = fine - 76_800;
  const h = (raw - (H[3] * 64 + (H[4] / 16_384) * t)) * ((H[1] / 65_536) * (1 + (H[5] / 67_108_864) * t * (1 + (H[2] / 67_108_864) * t)));
  return h * (1 - (H[0] * h) / 524_288);
}

function trimming(): Record<number, number> {
  const registers: Record<number, number> = { [ID]: CHIP_ID, 161: H[0], 225: H[1] & 0xff, 226: H[1] >> 8, 227: H[2], 231: H[5] };
  registers[0xe4] = H[3] >> 4;
  registers[0xe5] = (H[3] & 0xf) | ((H[4] & 0xf) << 4);
  registers[0xe6] = H[4] >> 4;
  [...T, ...P].forEach((value, at) => {
    registers[0x88 + 2 * at] = value & 0xff;
    registers[0x89 + 2 * at] = (value >> 8) & 0xff;
  });
  return registers;
}
