/**
 * What several flags of the command line have in common: whole numbers, seconds with or without a unit, and
 * their bounds.
 */
import { parseDuration, parseNumber } from './units.ts';

/** As the users of the Python server know it: a bare number is seconds. */
export function parseSeconds(text: string): number | null {
  const seconds = parseNumber(text);
  return seconds === null ? parseDuration(text) : seconds * 1_000;
}

export function parseInteger(text: string): number | null {
  const number = parseNumber(text);
  return number !== null && Number.isInteger(number) ? number : null;
}

export function within(value: number | null, min: number, max: number): number | null {
  return value !== null && value >= min && value <= max ? value : null;
}
