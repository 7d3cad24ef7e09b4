/**
 * The `sweep:` key of a study, read and checked: which fields take which values, over how many seeds, and
 * which metrics are wanted.
 *
 * A parameter is one field with a list of values, or a mapping of named variants, each of which sets several
 * fields at once. Whether a field exists and takes the value is not known here: every cell is checked as the
 * scenario that it is (study.ts).
 */
import { isMapping } from 'host/is-mapping';
import { nearest } from 'host/nearest';
import { shown, written } from 'host/shown';
import { parseOverride } from '../../scenario/document/overrides.ts';
import type { Problem } from '../../scenario/document/problem.ts';
import { DEFAULT_METRICS, metricProblem } from './metric.ts';

export interface Sweep {
  parameters: Parameter[];
  seeds: number;
  metrics: readonly string[];
  /** The two metrics that are drawn against each other; null: no such figure. */
  tradeOff: readonly [string, string] | null;
}

export interface Parameter {
  /** As written: a field (`boards.backoff.jitter`), or what its variants are (`library`). */
  name: string;
  /** Of the field, or the names of the variants. */
  values: readonly unknown[];
  /** By index of the value: what it sets. */
  settings: readonly (readonly Setting[])[];
}

/** One field of the scenario and its value. */
export interface Setting {
  name: string;
  path: (string | number)[];
  value: unknown;
  /** Where in the file the value stands, and where the field is named. */
  place: (string | number)[];
  namedAt: (string | number)[];
}

/** Enough for an interval of a per cent of the spread. */
export const MAX_SEEDS = 10_000;
const DEFAULT_SEEDS = 20;
/** Far more than a table can show. */
const MAX_PARAMETERS = 20;
const MAX_METRICS = 50;
/** As many as a row's label has room for. */
const MAX_VARIANT_CHARACTERS = 60;
/** What variants are, as a column's title. */
const AXIS_NAME = /^[A-Za-z][\w -]{0,39}$/;
const KEYS = ['parameters', 'seeds', 'metrics', 'trade_off'];
/** What a study sets by itself. */
const OWN_FIELDS: Record<string, string> = {
  seed: 'the seeds of a study are sweep.seeds, from the scenario’s seed on',
  sweep: 'a study has one grid',
  version: 'the version of the format is 1',
};

/** Problems have paths within the file. @param groups of the scenario's fleet */
export function readSweep(value: unknown, groups: readonly string[] | 'any' = 'any'): { sweep: Sweep; problems: Problem[] } {
  const problems: Problem[] = [];
  const report = (path: (string | number)[], message: string, isKey = false) => problems.push({ path: ['sweep', ...path], message, isKey });
  const sweep: Sweep = { parameters: [], seeds: DEFAULT_SEEDS, metrics: DEFAULT_METRICS, tradeOff: null };
  if (!isMapping(value)) {
    report([], `expected a mapping with parameters: { path: [values], … }, got ${shown(value)}`);
    return { sweep, problems };
  }
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) report([key], `unknown key (did you mean "${nearest(key, KEYS)}"?)`, true);
  }
  sweep.parameters = readParameters(value.parameters, report);
  if (value.seeds !== undefined) sweep.seeds = readSeeds(value.seeds, report);
  if (value.metrics !== undefined) sweep.metrics = readMetrics(value.metrics, groups, report);
  if (value.trade_off !== undefined) sweep.tradeOff = readTradeOff(value.trade_off, sweep.metrics, report);
  return { sweep, problems };
}

type Report = (path: (string | number)[], message: string, isKey?: boolean) => void;

function readParameters(value: unknown, report: Report): Parameter[] {
  if (!isMapping(value) || Object.keys(value).length === 0) {
    report(['parameters'], `expected fields of the scenario with their values (link.loss: [0, 0.1]), got ${shown(value ?? null)}`);
    return [];
  }
  const names = Object.keys(value);
  if (names.length > MAX_PARAMETERS) report(['parameters'], `expected at most ${MAX_PARAMETERS} of them`);
  const parameters = names.slice(0, MAX_PARAMETERS).flatMap((name) => {
    const given = value[name];
    return (isMapping(given) ? readVariants(name, given, report) : readField(name, given, report)) ?? [];
  });
  reportOverlaps(parameters, report);
  return parameters;
}

/** `link.loss: [0, 0.1]` */
function readField(name: string, value: unknown, report: Report): Parameter | null {
  const place = ['parameters', name];
  const path = readPath(name, place, report);
  if (path === null) return null;
  const values = readValues(value, place, report);
  const namedAt = ['sweep', ...place];
  return { name, values, settings: values.map((one, index) => [{ name, path, value: one, place: [...namedAt, index], namedAt }]) };
}

/** `library: { "Python websockets": { relay.ping_interval: 20s, … }, … }` */
function readVariants(name: string, variants: Record<string, unknown>, report: Report): Parameter {
  const place = ['parameters', name];
  const names = Object.keys(variants);
  if (!AXIS_NAME.test(name)) report(place, 'expected a name for what these variants are, of letters, digits, "_", "-" and spaces', true);
  if (names.length === 0) report(place, 'expected a list of values, or variants by name, each with the fields that it sets, got {}');
  return { name, values: names, settings: names.map((variant) => readVariant(variant, variants[variant], [...place, variant], report)) };
}

function readVariant(name: string, fields: unknown, place: string[], report: Report): Setting[] {
  if (name === '' || name.length > MAX_VARIANT_CHARACTERS)
    report(place, `expected a name of 1 to ${MAX_VARIANT_CHARACTERS} characters`, true);
  if (!isMapping(fields)) {
    report(place, `expected the fields that the variant sets ({ link.loss: 0.1, … }), got ${shown(fields)}`);
    return [];
  }
  return Object.entries(fields).flatMap(([field, value]) => {
    const path = readPath(field, [...place, field], report);
    const at = ['sweep', ...place, field];
    return path === null ? [] : [{ name: field, path, value, place: at, namedAt: at }];
  });
}

/** Of a field that can be swept. */
function readPath(name: string, place: string[], report: Report): (string | number)[] | null {
  const parsed = parseOverride(`${name}=`);
  if (typeof parsed === 'string') report(place, 'expected the dotted path of a field (link.loss, steps.0.for)', true);
  else if (Object.hasOwn(OWN_FIELDS, name)) report(place, `cannot be swept: ${OWN_FIELDS[name]}`, true);
  else return parsed.path;
  return null;
}

/**
 * A cell sets each field once: no two parameters the same one, and nothing inside of what is set as a whole.
 */
function reportOverlaps(parameters: readonly Parameter[], report: Report): void {
  const owners = new Map<string, Set<Parameter>>();
  for (const parameter of parameters) {
    for (const { name } of parameter.settings.flat()) owners.set(name, (owners.get(name) ?? new Set()).add(parameter));
  }
  const told = new Set<string>();
  for (const parameter of parameters) {
    for (const together of parameter.settings) {
      const names = new Set(together.map(({ name }) => name));
      const isTaken = (name: string) => [...(owners.get(name) ?? [])].some((owner) => owner !== parameter);
      for (const { name, namedAt } of together) {
        const outer = outerNames(name).find((one) => isTaken(one) || (one !== name && names.has(one)));
        if (outer === undefined || told.has(namedAt.join('\n'))) continue;
        told.add(namedAt.join('\n'));
        const message = outer === name ? 'is swept by another parameter too' : `lies inside ${outer}, which is swept too`;
        report(namedAt.slice(1), message, true);
      }
    }
  }
}

/** `a.b.c` → `a`, `a.b`, `a.b.c` */
function outerNames(name: string): string[] {
  const keys = name.split('.');
  return keys.map((_, index) => keys.slice(0, index + 1).join('.'));
}

function readValues(value: unknown, place: string[], report: Report): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    report(place, `expected a list of at least one value, got ${shown(value)}`);
    return [];
  }
  const seen = new Set<string>();
  for (const [index, one] of value.entries()) {
    const text = written(one);
    if (seen.has(text)) report([...place, index], `${shown(one)} is in the list already`);
    seen.add(text);
  }
  return value;
}

function readSeeds(value: unknown, report: Report): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SEEDS) return value as number;
  report(['seeds'], `expected how many, a whole number from 1 to ${MAX_SEEDS}, got ${shown(value)}`);
  return DEFAULT_SEEDS;
}

function readMetrics(value: unknown, groups: readonly string[] | 'any', report: Report): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_METRICS) {
    report(['metrics'], `expected a list of 1 to ${MAX_METRICS} metrics, got ${shown(value)}`);
    return [];
  }
  value.forEach((name, index) => {
    const problem = typeof name === 'string' ? metricProblem(name, groups) : `expected a metric, got ${shown(name)}`;
    if (problem !== null) report(['metrics', index], problem);
    else if (value.indexOf(name) < index) report(['metrics', index], `${name} is in the list already`);
  });
  return value;
}

function readTradeOff(value: unknown, metrics: readonly string[], report: Report): [string, string] | null {
  if (Array.isArray(value) && value.length === 2 && value[0] !== value[1] && value.every((name) => metrics.includes(name)))
    return [value[0], value[1]];
  report(['trade_off'], `expected two of the study's metrics, got ${shown(value)}`);
  return null;
}
