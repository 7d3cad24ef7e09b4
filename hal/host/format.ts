/** Numbers for people: few digits, a unit that fits, and no rounding that turns "almost" into "all". */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './units.ts';

/** `0.3 ms`, `45 ms`, `1.23 s`, `2 min 5 s`, `3 h 20 min`. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 999.5) return `${significant(ms)} ms`;
  if (ms < MINUTE_MS - 50) return `${significant(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return pair(Math.round(ms / SECOND_MS), 60, 'min', 's');
  if (ms < 2 * DAY_MS) return pair(Math.round(ms / MINUTE_MS), 60, 'h', 'min');
  return pair(Math.round(ms / HOUR_MS), 24, 'd', 'h');
}

/** A share as a percentage, rounded down below 100: 99.996 % must not read as 100 %. */
export function formatShare(share: number): string {
  if (share >= 1) return '100 %';
  const percent = Math.floor(share * 10_000 + 1e-6) / 100;
  return `${percent} %`;
}

/** The places between them. `Intl` knows them too, but takes 12 ms of CPU time to begin. */
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/** `9115` is `9,115`, wherever the reader lives. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(THOUSANDS, ',');
}

/** `512 B`, `6.1 kB`, `13 MB`: two digits that matter. */
export function formatBytes(bytes: number): string {
  const unit = BYTE_UNITS.find(([, size]) => bytes >= size * ALMOST_ONE) ?? BYTE_UNITS[BYTE_UNITS.length - 1];
  return `${formatRough(bytes / unit[1])} ${unit[0]}`;
}

const BYTE_UNITS = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
  ['B', 1],
] as const;
/** What is rounded to 1 of a unit. */
const ALMOST_ONE = 0.995;

/** Two digits that matter, and none after the point from ten on. */
export function formatRough(value: number): string {
  return value >= 10 ? formatCount(value) : String(Number(value.toPrecision(2)));
}

/** `1 board`, `50 boards`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Three digits that matter. */
function significant(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

function pair(units: number, base: number, large: string, small: string): string {
  const rest = units % base;
  return rest === 0 ? `${units / base} ${large}` : `${Math.floor(units / base)} ${large} ${rest} ${small}`;
}
