/**
 * Quantities as people type them in flags and files: `500ms`, `64KiB`, `2mbit`, `0.1`.
 *
 * A parser takes the whole text or nothing: a plain decimal number with its unit directly behind it, spelled
 * exactly so. null stands for everything else (no unit, garbage, a sign, an exponent, too large). A formatter
 * gives the shortest whole number that parses back to the same value.
 */

/** Of time, in what the kit counts in: milliseconds, and the simulator's microseconds. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const US_PER_MS = 1_000;
export const US_PER_S = 1_000_000;
export const BITS_PER_BYTE = 8;

type Units = readonly (readonly [name: string, factor: number])[];

/** Smallest unit first. */
const DURATION_UNITS: Units = [
  ['ms', 1],
  ['s', SECOND_MS],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
];
const SIZE_UNITS: Units = [
  ['B', 1],
  ['kB', 1_000],
  ['KiB', 1_024],
  ['MB', 1_000_000],
  ['MiB', 1_024 ** 2],
  ['GB', 1_000_000_000],
  ['GiB', 1_024 ** 3],
];
/** As the Linux `tc` command spells them. */
const BIT_RATE_UNITS: Units = [
  ['bit', 1],
  ['kbit', 1_000],
  ['mbit', 1_000_000],
  ['gbit', 1_000_000_000],
];

/**
 * Digits before and after the point. 12 and 12 are more than any quantity here needs and keep every product
 * below 2^63.
 */
const NUMBER = /^(\d{1,12}(?:\.\d{1,12})?)([A-Za-z]*)$/;

/**
 * Milliseconds: `500ms`, `1.5s`, `10m`, `1h`. To the microsecond: finer than the simulator's clock means
 * nothing, and rounding to it hides binary fractions (0.07 s is 70 ms).
 */
export function parseDuration(text: string): number | null {
  const ms = parseQuantity(text, DURATION_UNITS);
  return ms === null ? null : Math.round(ms * US_PER_MS) / US_PER_MS;
}

/** Whole bytes: `512B`, `64KiB`, `1.5MiB`, `10kB`. */
export function parseSize(text: string): number | null {
  const bytes = parseQuantity(text, SIZE_UNITS);
  return bytes !== null && Number.isInteger(bytes) ? bytes : null;
}

/** Bits per second: `9600bit`, `250kbit`, `2mbit`, `1gbit`. */
export function parseBitRate(text: string): number | null {
  return parseQuantity(text, BIT_RATE_UNITS);
}

/** A plain decimal number, 0 or more, without unit: a count, a rate from 0 to 1. */
export function parseNumber(text: string): number | null {
  const match = NUMBER.exec(text);
  return match !== null && match[2] === '' ? Number(match[1]) : null;
}

/** `90000` is `90s`, `600000` is `10m`, `0.5` is `0.5ms`. */
export function formatDuration(ms: number): string {
  return ms === 0 ? '0s' : formatQuantity(ms, DURATION_UNITS);
}

/** `20000000` is `20mbit`. */
export function formatBitRate(bitsPerSecond: number): string {
  return formatQuantity(bitsPerSecond, BIT_RATE_UNITS);
}

/** `268435456` is `256MiB`. */
export function formatSize(bytes: number): string {
  return formatQuantity(bytes, SIZE_UNITS);
}

function parseQuantity(text: string, units: Units): number | null {
  const match = NUMBER.exec(text);
  const unit = units.find(([name]) => name === match?.[2]);
  if (match === null || unit === undefined) return null;
  const value = Number(match[1]) * unit[1];
  return value <= Number.MAX_SAFE_INTEGER ? value : null;
}

function formatQuantity(value: number, units: Units): string {
  const unit = units.filter(([, factor]) => Number.isInteger(value / factor)).at(-1) ?? units[0];
  return `${value / unit[1]}${unit[0]}`;
}
