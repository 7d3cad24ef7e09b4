/** Pieces of the lines to paste. */
import type { BackoffSettings } from 'firmware/channel/backoff';
import { formatDuration } from 'host/units';

const MS_PER_S = 1_000;
/** More than any longest wait needs. */
const MAX_DOUBLINGS = 20;

/** Seconds as a number that programs read: `10`, `2.5`. */
export function seconds(ms: number): string {
  return String(ms / MS_PER_S);
}

/** For libraries whose settings are whole seconds. */
export function wholeSeconds(ms: number): number {
  return Math.round(ms / MS_PER_S);
}

/** `1s to 1m, exponential, full jitter` */
export function backoffWords({ kind, jitter, min_ms, max_ms }: BackoffSettings): string {
  const waits = kind === 'fixed' ? formatDuration(min_ms) : `${formatDuration(min_ms)} to ${formatDuration(max_ms)}`;
  return `${waits}, ${kind}, ${jitter === 'none' ? 'no' : jitter} jitter`;
}

/** How a language says the parts of a wait. */
export interface Language {
  /** A statement that gives a name to a number. */
  named(name: string, value: string): string;
  min(a: string, b: string): string;
  /** `base` doubled `n` times. */
  doubled(base: number, n: string): string;
  /** A number from `low` to `high`. */
  random(low: string, high: string): string;
}

/**
 * The wait before attempt `n` (0, 1, …), ms: statements, and the expression that comes after them; the
 * formulas of firmware/channel/backoff.ts. Decorrelated jitter, which needs the wait before, is said as full.
 */
export function waitCode(
  { kind, jitter, min_ms: min, max_ms: max }: BackoffSettings,
  language: Language,
): { before: string[]; wait: string } {
  const doubled = jitter === 'none' ? 0 : 1;
  const most = Math.min(max, min * 2 ** doubled);
  if (kind === 'fixed') {
    const least = jitter === 'equal' ? Math.round((min + most) / 2) : min;
    return { before: [], wait: jitter === 'none' ? String(most) : language.random(String(least), String(most)) };
  }
  const n = language.min(doubled === 0 ? 'n' : `n + ${doubled}`, String(MAX_DOUBLINGS));
  const before = [language.named('most', language.min(String(max), language.doubled(min, n)))];
  if (jitter === 'none') return { before, wait: 'most' };
  return { before, wait: language.random(jitter === 'equal' ? `(${min} + most) / 2` : String(min), 'most') };
}

/** 32 bits hold MAX_DOUBLINGS of a second; what is more is capped before it is a `long`. */
export const C: Language = {
  named: (name, value) => `int ${name} = ${value};`,
  min: (a, b) => `MIN(${a}, ${b})`,
  doubled: (base, n) => `${base}LL << ${n}`,
  random: (low, high) => `${low} + esp_random() % (${high} - ${low} + 1)`,
};

export const ARDUINO: Language = {
  named: (name, value) => `long ${name} = ${value};`,
  min: (a, b) => `min<long long>(${a}, ${b})`,
  doubled: (base, n) => `${base}LL << ${n}`,
  random: (low, high) => `random(${low}, ${high} + 1)`,
};

export const JAVASCRIPT: Language = {
  named: (name, value) => `var ${name} = ${value};`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  doubled: (base, n) => `${base} * Math.pow(2, ${n})`,
  random: (low, high) => `${low} + Math.random() * (${high} - ${low})`,
};

export const PYTHON: Language = {
  named: (name, value) => `${name} = ${value}`,
  min: (a, b) => `min(${a}, ${b})`,
  doubled: (base, n) => `${base} * 2 ** ${n}`,
  random: (low, high) => `random.uniform(${low}, ${high})`,
};
