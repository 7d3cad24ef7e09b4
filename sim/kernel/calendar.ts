/**
 * The calendar of a world: where it begins, and dates read without the platform's own `Date`, which knows
 * what day it really is.
 *
 * Proleptic Gregorian, UTC, no leap seconds, as POSIX counts.
 */
import { DAY_MS, SECOND_MS } from 'host/units';

/** What the calendar says when a world begins, ms since 1970: 2026-01-01T00:00Z. Any fixed date would do. */
export const WORLD_EPOCH_MS = 1_767_225_600_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?Z)?$/;
const CERTIFICATE_DATE = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4}) GMT$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

/**
 * `2026-01-01` or `2026-01-01T12:30Z`, seconds if you like, as ms since 1970; null: no such date, or one
 * before 1970.
 */
export function parseIsoDate(text: string): number | null {
  const [match, year, month, day, hour = '0', minute = '0', second = '0'] = ISO.exec(text) ?? [];
  return match === undefined ? null : epochMsOf(+year, +month, +day, +hour, +minute, +second);
}

/** As certificates' dates are printed: `Jan  1 00:00:00 2026 GMT`. */
export function parseCertificateDate(text: string): number | null {
  const [match, month, day, hour, minute, second, year] = CERTIFICATE_DATE.exec(text) ?? [];
  return match === undefined ? null : epochMsOf(+year, MONTHS.indexOf(month) + 1, +day, +hour, +minute, +second);
}

/** As HTTP writes dates (RFC 9110 section 5.6.7): `Thu, 01 Jan 2026 00:00:00 GMT`. */
export function parseHttpDate(text: string): number | null {
  const [match, day, month, year, hour, minute, second] = HTTP_DATE.exec(text) ?? [];
  return match === undefined ? null : epochMsOf(+year, MONTHS.indexOf(month) + 1, +day, +hour, +minute, +second);
}

/** `2026-01-01T12:30:00Z`. @param epochMs from 1970 to 9999 */
export function formatIsoDate(epochMs: number): string {
  let days = Math.floor(epochMs / DAY_MS);
  let year = 1970;
  for (; days >= daysIn(year); year++) days -= daysIn(year);
  let month = 1;
  for (; days >= daysInMonth(year, month); month++) days -= daysInMonth(year, month);
  const seconds = Math.floor((epochMs % DAY_MS) / SECOND_MS);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(':');
  return `${year}-${two(month)}-${two(days + 1)}T${time}Z`;
}

function epochMsOf(year: number, month: number, day: number, hour: number, minute: number, second: number): number | null {
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  let days = day - 1;
  for (let each = 1970; each < year; each++) days += daysIn(each);
  for (let each = 1; each < month; each++) days += daysInMonth(year, each);
  return days * DAY_MS + (hour * 3600 + minute * 60 + second) * SECOND_MS;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: number): number {
  return isLeap(year) ? 366 : 365;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
