/**
 * The kinds of value that a setting can have, each read and checked in one place whether it comes from a
 * flag, a scenario file or a recording.
 *
 * A field knows how its value is written (`20s`, `2mbit`, `0.1`), what is legal, how to say what was
 * expected, and its JSON Schema. It knows nothing of names, defaults or what the value is for: that is
 * settings.ts.
 */
import { formatBitRate, formatDuration, parseBitRate, parseDuration, parseNumber } from 'host/units';
import { formatIsoDate, parseIsoDate } from './calendar.ts';

/** @template T what it reads to @template W what stands for it in a document */
export interface Field<T, W = unknown> {
  /** Completes "expected …". */
  expected: string;
  /** Takes what YAML or JSON gives; null: not legal. */
  read(value: unknown): T | null;
  /** As it stands in a document; `read(write(x))` is x. */
  write(value: T): W;
  /** For editors that complete scenario files. */
  jsonSchema: Record<string, unknown>;
  /**
   * The legal spelling of what is not legal and still clear (`10%`, `20 sec`); may turn out to be out of
   * range.
   */
  spell?(text: string): string | null;
}

/** What a record of fields reads to. Every value may be missing. */
export type Values<F extends Record<string, Field<unknown>>> = { [K in keyof F]?: F[K] extends Field<infer T> ? T : never };

/** A duration as documents write it. */
export type DurationText = `${number}${'ms' | 's' | 'm' | 'h'}`;
/** A bit rate as documents write it. */
export type BitRateText = `${number}${'bit' | 'kbit' | 'mbit' | 'gbit'}`;

/** What a record of fields is written as. Every value may be missing. */
export type Written<F extends Record<string, { write(value: never): unknown }>> = { [K in keyof F]?: ReturnType<F[K]['write']> };

/** The unit names are those of relay/units. */
const DURATION_PATTERN = '^\\d+(\\.\\d+)?(ms|s|m|h)$';
const BIT_RATE_PATTERN = '^\\d+(\\.\\d+)?(bit|kbit|mbit|gbit)$';

/** Milliseconds. */
export function duration(minMs: number, maxMs: number): Field<number, DurationText> {
  return {
    expected: `a duration with its unit (500ms, 20s, 10m, 1h) from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`,
    read: (value) => inRange(typeof value === 'string' ? parseDuration(value) : null, minMs, maxMs),
    write: (ms) => formatDuration(ms) as DurationText,
    jsonSchema: { type: 'string', pattern: DURATION_PATTERN },
    spell: (text) => spellQuantity(text, DURATION_SPELLINGS, maxMs <= MINUTE_MS ? 'ms' : 's'),
  };
}

/** Milliseconds; a bare number counts seconds, as the relay's own flags of that name take it. */
export function durationOrSeconds(minMs: number, maxMs: number): Field<number, DurationText | number> {
  const withUnit = duration(minMs, maxMs);
  return {
    expected: `seconds, or ${withUnit.expected}`,
    read: (value) => (typeof value === 'number' ? inRange(value * 1_000, minMs, maxMs) : withUnit.read(value)),
    write: withUnit.write,
    spell: withUnit.spell,
    jsonSchema: { anyOf: [{ type: 'number', minimum: minMs / 1_000, maximum: maxMs / 1_000 }, withUnit.jsonSchema] },
  };
}

/** Bits per second. */
export function bitRate(min: number, max: number): Field<number, BitRateText> {
  return {
    expected: `a bit rate with its unit (250kbit, 2mbit) from ${formatBitRate(min)} to ${formatBitRate(max)}`,
    read: (value) => inRange(typeof value === 'string' ? parseBitRate(value) : null, min, max),
    write: (bitsPerSecond) => formatBitRate(bitsPerSecond) as BitRateText,
    jsonSchema: { type: 'string', pattern: BIT_RATE_PATTERN },
    spell: (text) => spellQuantity(text, BIT_RATE_SPELLINGS, 'mbit'),
  };
}

export function decimal(min: number, max: number): Field<number, number> {
  return {
    expected: `a number from ${min} to ${max}${min === 0 && max === 1 ? ' (10 % is 0.1)' : ''}`,
    read: (value) => inRange(typeof value === 'number' ? value : null, min, max),
    write: (value) => value,
    jsonSchema: { type: 'number', minimum: min, maximum: max },
    ...(min === 0 && max === 1 ? { spell: spellShare } : {}),
  };
}

export function whole(min: number, max: number): Field<number, number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    read: (value) => inRange(Number.isInteger(value) ? (value as number) : null, min, max),
    write: (value) => value,
    jsonSchema: { type: 'integer', minimum: min, maximum: max },
  };
}

export function choice<const T extends string>(choices: readonly T[]): Field<T, T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    read: (value) => choices.find((one) => one === value) ?? null,
    write: (value) => value,
    jsonSchema: { enum: choices },
    spell: (text) => choices.find((one) => one.toLowerCase() === text.trim().toLowerCase()) ?? null,
  };
}

export function yesNo(): Field<boolean, boolean> {
  return {
    expected: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : null),
    write: (value) => value,
    jsonSchema: { type: 'boolean' },
  };
}

/** A day or a moment, as ms since 1970; or `epoch`, where the platform's calendar begins. */
export function calendarTime(): Field<number | 'epoch', string> {
  return {
    expected: 'a date (2026-01-31, 2026-01-31T12:00:00Z) from 1970 to 9999, or epoch',
    read: (value) => (value === 'epoch' ? value : typeof value === 'string' ? parseIsoDate(value) : null),
    write: (value) => (value === 'epoch' ? value : formatIsoDate(value)),
    jsonSchema: { type: 'string', pattern: '^(epoch|\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?Z)?)$' },
  };
}

/** Free text of `minLength` to `maxLength` characters. */
export function text(minLength: number, maxLength: number): Field<string, string> {
  return {
    expected: `a text of ${minLength} to ${maxLength} characters`,
    read: (value) => (typeof value === 'string' && value.length >= minLength && value.length <= maxLength ? value : null),
    write: (value) => value,
    jsonSchema: { type: 'string', minLength, maxLength },
  };
}

/** A text of one line that matches `pattern` as a whole. */
export function pattern(expected: string, source: string): Field<string, string> {
  const whole = new RegExp(`^(?:${source})$`);
  return {
    expected,
    read: (value) => (typeof value === 'string' && whole.test(value) ? value : null),
    write: (value) => value,
    jsonSchema: { type: 'string', pattern: `^(?:${source})$` },
  };
}

/**
 * Reads a value that was typed on a command line, where everything is text: what looks like a number may be
 * one.
 */
export function readTyped<T>(field: Field<T>, typed: string): T | null {
  const number = parseNumber(typed);
  return (number === null ? null : field.read(number)) ?? field.read(typed);
}

/** ` (did you mean 0.1?)` after a value that is not legal, or nothing. */
export function didYouMean<T>(field: Field<T>, value: unknown): string {
  const spelled = typeof value === 'string' || typeof value === 'number' ? (field.spell?.(String(value)) ?? null) : null;
  return spelled === null || readTyped(field, spelled) === null ? '' : ` (did you mean ${spelled}?)`;
}

/** How people write units, in small letters, beside the way that is legal. */
const DURATION_SPELLINGS: Record<string, readonly string[]> = {
  ms: ['ms', 'msec', 'msecs', 'millisecond', 'milliseconds'],
  s: ['s', 'sec', 'secs', 'second', 'seconds'],
  m: ['m', 'min', 'mins', 'minute', 'minutes'],
  h: ['h', 'hr', 'hrs', 'hour', 'hours'],
};
const BIT_RATE_SPELLINGS: Record<string, readonly string[]> = {
  bit: ['bit', 'bps', 'bit/s'],
  kbit: ['k', 'kbit', 'kbps', 'kbit/s', 'kb/s'],
  mbit: ['m', 'mbit', 'mbps', 'mbit/s', 'mb/s'],
  gbit: ['g', 'gbit', 'gbps', 'gbit/s', 'gb/s'],
};
const MINUTE_MS = 60_000;
const QUANTITY = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z/]*)\s*$/i;
const SHARE = /^\s*(\d+(?:[.,]\d+)?)\s*(%?)\s*$/;
const PERCENT = 100;
/** A tenth of a percent is 0.001, and not what is left of it in binary. */
const SHARE_DIGITS = 12;

/** @param bare the unit of a number that has none */
function spellQuantity(text: string, spellings: Record<string, readonly string[]>, bare: string): string | null {
  if (text.trim().toLowerCase() === 'off') return '0s';
  const [, digits, word] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return null;
  const unit = word === '' ? bare : Object.keys(spellings).find((name) => spellings[name].includes(word.toLowerCase()));
  return unit === undefined ? null : `${digits.replace(',', '.')}${unit}`;
}

/** A percentage; a bare number above 1 is one, too. */
function spellShare(text: string): string | null {
  const [, digits, percent] = SHARE.exec(text) ?? [];
  if (digits === undefined) return null;
  const number = Number(digits.replace(',', '.'));
  return String(percent === '%' || number > 1 ? Number((number / PERCENT).toPrecision(SHARE_DIGITS)) : number);
}

function inRange(value: number | null, min: number, max: number): number | null {
  return value !== null && value >= min && value <= max ? value : null;
}
