/** Flags that the comparisons have in common. */
import { valueFlag } from 'host/command-line';
import { parseInteger, within } from 'host/flag-values';
import { formatDuration, parseDuration, parseNumber } from 'host/units';

const MAX_SEEDS = 10_000;
export const MAX_SEED = 2 ** 32 - 1;

export function durationFlag(about: string, minMs: number, maxMs: number, defaultMs: number) {
  return valueFlag({
    about,
    expected: durationWords(minMs, maxMs),
    default: formatDuration(defaultMs),
    parse: (text) => within(parseDuration(text), minMs, maxMs),
  });
}

export function durationWords(minMs: number, maxMs: number): string {
  return `a duration with its unit (40ms, 2s, 1m) from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
}

export function numberFlag(about: string, min: number, max: number, fallback: number) {
  return valueFlag({
    about,
    expected: `a number from ${min} to ${max}`,
    default: String(fallback),
    parse: (text) => within(parseNumber(text), min, max),
  });
}

export function wholeFlag(about: string, min: number, max: number, fallback: number) {
  return valueFlag({ ...wholeWords(about, min, max), default: String(fallback) });
}

/** Without a default. */
export function optionalWholeFlag(about: string, min: number, max: number) {
  return valueFlag(wholeWords(about, min, max));
}

export const seedFlag = wholeFlag('First seed', 0, MAX_SEED, 1);

export function seedsFlag(about: string, fallback: number) {
  return wholeFlag(about, 1, MAX_SEEDS, fallback);
}

/** @returns what is wrong with the two together, or nothing */
export function seedProblems({ seed, seeds }: { seed: number; seeds: number }): string[] {
  return seed + seeds - 1 > MAX_SEED ? [`--seed: the last of ${seeds} seeds is above ${MAX_SEED}`] : [];
}

function wholeWords(about: string, min: number, max: number) {
  return { about, expected: `a whole number from ${min} to ${max}`, parse: (text: string) => within(parseInteger(text), min, max) };
}
