/**
 * Ready-made sensors, read as their data sheets say: what a driver makes of their bytes is what the air is.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Air } from './air.ts';
import { Bme280 } from './bme280.ts';
import { checksumOf, Ds18b20 } from './ds18b20.ts';
import { Sht31 } from './sht31.ts';

const air = fc.record<Air>({
  temperatureC: fc.double({ min: -40, max: 85, noNaN: true }),
  humidityPercent: fc.double({ min: 0, max: 100, noNaN: true }),
  pressureHpa: fc.double({ min: 300, max: 1_100, noNaN: true }),
});

/** The data sheet's own integers (section 4.2.3), as drivers have them. */
function compensated(calibration: string, data: string): Air {
  const byte = (bytes: string, at: number) => bytes.charCodeAt(at);
  const u16 = (at: number) => byte(calibration, at) | (byte(calibration, at + 1) << 8);
  const s16 = (at: number) => (u16(at) << 16) >> 16;
  const s8 = (at: number) => (byte(calibration, at) << 24) >> 24;
  const raw20 = (at: number) => (byte(data, at) << 12) | (byte(data, at + 1) << 4) | (byte(data, at + 2) >> 4);
  const [rawP, rawT, rawH] = [raw20(0), raw20(3), (byte(data, 6) << 8) | byte(data, 7)];
  const t1 = u16(0);
  const v1 = (((rawT >> 3) - (t1 << 1)) * s16(2)) >> 11;
  const v2 = (((((rawT >> 4) - t1) * ((rawT >> 4) - t1)) >> 12) * s16(4)) >> 14;
  const fine = v1 + v2;
  // Pressure by 64-bit integers.
  const p = (at: number) => BigInt(at === 6 ? u16(at) : s16(at));
  let a = BigInt(fine) - 128_000n;
  let b = a * a * p(16);
  b = b + ((a * p(14)) << 17n) + (p(12) << 35n);
  a = ((a * a * p(10)) >> 8n) + ((a * p(8)) << 12n);
  a = (((1n << 47n) + a) * p(6)) >> 33n;
  let pascal = (((1_048_576n - BigInt(rawP)) << 31n) - b) * 3_125n;
  pascal = pascal / a;
  pascal = ((pascal + ((p(22) * (pascal >> 13n) * (pascal >> 13n)) >> 25n) + ((p(20) * pascal) >> 19n)) >> 8n) + (p(18) << 4n);
  // From 0xe1 on, which follows 0xa1 here.
  const [h1, h2, h3, h6] = [byte(calibration, 24), s16(25), byte(calibration, 27), s8(31)];
  const h4 = (s8(28) << 4) | (byte(calibration, 29) & 0xf);
  const h5 = (s8(30) << 4) | (byte(calibration, 29) >> 4);
  let h = fine - 76_800;
  h =
    (((rawH << 14) - (h4 << 20) - h5 * h + 16_384) >> 15) *
    (((((((h * h6) >> 10) * (((h * h3) >> 11) + 32_768)) >> 10) + 2_097_152) * h2 + 8_192) >> 14);
  h = h - (((((h >> 15) * (h >> 15)) >> 7) * h1) >> 4);
  h = Math.min(Math.max(h, 0), 419_430_400);
  return { temperatureC: ((fine * 5 + 128) >> 8) / 100, humidityPercent: (h >> 12) / 1_024, pressureHpa: Number(pascal) / 25_600 };
}

it('a BME280 is known by its id, and measures the air by the compensation of its data sheet', () => {
  fc.assert(
    fc.property(air, (there) => {
      const sensor = new Bme280(() => there);
      const registers = (from: number, count: number) => {
        sensor.write(String.fromCharCode(from));
        return sensor.read(count, 0);
      };
      expect(registers(0xd0, 1)).toBe('\x60');
      const calibration = registers(0x88, 24) + registers(0xa1, 1) + registers(0xe1, 7);
      sensor.write('\xf4\x25');
      const read = compensated(calibration, registers(0xf7, 8));
      expect(Math.abs(read.temperatureC - there.temperatureC)).toBeLessThan(0.02);
      expect(Math.abs(read.humidityPercent - there.humidityPercent)).toBeLessThan(0.1);
      expect(Math.abs(read.pressureHpa - there.pressureHpa)).toBeLessThan(0.1);
      expect(registers(0xf4, 1)).toBe('\x25');
    }),
    { numRuns: 100 },
  );
});

it('an SHT31 measures when it is told to, and its words carry their checksum', () => {
  const sensor = new Sht31(() => ({ temperatureC: 21.5, humidityPercent: 45, pressureHpa: 1_000 }));
  expect(sensor.read(6, 0)).toBeNull();
  sensor.write('\x24\x0b', 100);
  expect(sensor.read(6, 105)).toBeNull();
  const bytes = sensor.read(6, 106) ?? '';
  const word = (at: number) => bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1);
  expect(-45 + (175 * word(0)) / 65_535).toBeCloseTo(21.5, 2);
  expect((100 * word(3)) / 65_535).toBeCloseTo(45, 2);
  // Section 4.12: of 0xBEEF it is 0x92.
  const beef = new Sht31(() => ({ temperatureC: (175 * 0xbeef) / 65_535 - 45, humidityPercent: 0, pressureHpa: 0 }));
  beef.write('\x24\x00', 0);
  expect(beef.read(3, 15)).toBe('\xbe\xef\x92');
});

it('a DS18B20 has 85 °C until it has converted, which takes as long as its resolution says', () => {
  let temperatureC = 25.0625;
  const sensor = new Ds18b20(0x123456, () => ({ temperatureC }));
  expect([sensor.rom.slice(0, 14), checksumOf(Buffer.from(sensor.rom, 'hex').toString('latin1'))]).toEqual(['28563412000000', 0]);
  const degrees = (nowMs: number) => {
    const read = Buffer.from(sensor.transact('\xbe', 9, nowMs), 'latin1');
    expect(checksumOf(read.toString('latin1'))).toBe(0);
    return read.readInt16LE(0) / 16;
  };
  // As it comes from the factory: the bytes that everybody finds in a sensor that was not asked to convert.
  expect(sensor.transact('\xbe', 9, 0)).toBe('\x50\x05\x4b\x46\x7f\xff\x0c\x10\x1c');
  sensor.transact('\x44', 0, 1_000);
  temperatureC = 30;
  expect([degrees(1_749), degrees(1_750)]).toEqual([85, 25.0625]);
  sensor.transact('\x4e\x00\x00\x1f', 0, 2_000);
  temperatureC = -10.3;
  expect(sensor.transact('\x44', 1, 2_000)).toBe('\x00');
  // 9 bits: steps of half a degree.
  expect([degrees(2_093), degrees(2_094)]).toEqual([25.0625, -10.5]);
});
