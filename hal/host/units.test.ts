import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBitRate, formatDuration, formatSize, parseBitRate, parseDuration, parseNumber, parseSize } from './units.ts';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['20s', 20_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['1.5s', 1_500],
    ['0s', 0],
    ['0.07s', 70],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '20',
    's',
    '-1s',
    '+1s',
    '1e3s',
    '1.s',
    '.5s',
    ' 1s',
    '1s ',
    '1 s',
    '1S',
    '1d',
    '1h30m',
    'Infinitys',
    'NaNs',
    '0x1s',
    '9999999999999s',
  ])('does not read %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each([
    [0, '0s'],
    [1, '1ms'],
    [1_500, '1500ms'],
    [90_000, '90s'],
    [600_000, '10m'],
    [7_200_000, '2h'],
    [0.5, '0.5ms'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('reads back every whole number of microseconds it has written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e14 }), (us) => {
        expect(parseDuration(formatDuration(us / 1_000))).toBe(us / 1_000);
      }),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['512B', 512],
    ['64KiB', 65_536],
    ['1.5MiB', 1_572_864],
    ['10kB', 10_000],
    ['1GiB', 1_073_741_824],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['64', '64KIB', '64k', '-1B', '0.5B', '1.0001KiB', '999999999999GiB'])('does not read %j', (text) => {
    expect(parseSize(text)).toBeNull();
  });

  it.each([
    [512, '512B'],
    [256 * 1024 ** 2, '256MiB'],
    [1_000_000_000, '1GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe('bit rates', () => {
  it.each([
    ['9600bit', 9_600],
    ['250kbit', 250_000],
    ['2mbit', 2_000_000],
    ['1gbit', 1_000_000_000],
  ])('reads %s as %d bit/s, and writes it back', (text, bitsPerSecond) => {
    expect(parseBitRate(text)).toBe(bitsPerSecond);
    expect(formatBitRate(bitsPerSecond)).toBe(text);
  });

  it.each(['2', '2Mbit', '2mbps', '-2mbit'])('does not read %j', (text) => {
    expect(parseBitRate(text)).toBeNull();
  });
});

describe('plain numbers', () => {
  it('reads decimal digits only', () => {
    expect(['12', '0.5', '1e3', '0x10', '', 'abc', '10%', '-1'].map(parseNumber)).toEqual([12, 0.5, null, null, null, null, null, null]);
  });

  it('reads nothing or a finite number of 0 or more, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parseDuration, parseSize, parseBitRate, parseNumber]) {
          const value = parse(text);
          expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
        }
      }),
    );
  });
});
