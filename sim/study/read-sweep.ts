/** The `sweep:` key of a study, read and checked: which fields take which values, over how many seeds, and which metrics are wanted. */
import { nearest } from 'relay/usage';
import { isMapping } from '../scenario/is-mapping.ts';
import { parseOverride } from '../scenario/overrides.ts';
import { type Problem, shown } from '../scenario/problem.ts';
import { DEFAULT_METRICS, metricProblem } from './metric.ts';

export interface Sweep {
  parameters: Parameter[];
  seeds: number;
  metrics: readonly string[];
}

export interface Parameter {
  /** As written: `boards.backoff.jitter`. */
  name: string;
  path: (string | number)[];
  values: readonly unknown[];
}

/** Enough for an interval of a per cent of the spread. */
export const MAX_SEEDS = 10_000;
const DEFAULT_SEEDS = 20;
/** Far more than a table can show. */
const MAX_PARAMETERS = 20;
const MAX_METRICS = 50;
const KEYS = ['parameters', 'seeds', 'metrics'];
/** What a study sets by itself. */
const OWN_FIELDS: Record<string, string> = {
  seed: 'the seeds of a study are sweep.seeds, from the scenario’s seed on',
  sweep: 'a study has one grid',
  version: 'the version of the format is 1',
};

/** Problems have paths within the file. */
export function readSweep(value: unknown): { sweep: Sweep; problems: Problem[] } {
  const problems: Problem[] = [];
  const report = (path: (string | number)[], message: string, isKey = false) => problems.push({ path: ['sweep', ...path], message, isKey });
  const sweep: Sweep = { parameters: [], seeds: DEFAULT_SEEDS, metrics: DEFAULT_METRICS };
  if (!isMapping(value)) {
    report([], `expected a mapping with parameters: { path: [values], … }, got ${shown(value)}`);
    return { sweep, problems };
  }
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) report([key], `unknown key (did you mean "${nearest(key, KEYS)}"?)`, true);
  }
  sweep.parameters = readParameters(value.parameters, report);
  if (value.seeds !== undefined) sweep.seeds = readSeeds(value.seeds, report);
  if (value.metrics !== undefined) sweep.metrics = readMetrics(value.metrics, report);
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
  return names.slice(0, MAX_PARAMETERS).flatMap((name) => {
    const place = ['parameters', name];
    const parsed = parseOverride(`${name}=`);
    const outer = names.find((other) => name.startsWith(`${other}.`));
    if (typeof parsed === 'string') report(place, `expected the dotted path of a field (link.loss, steps.0.for)`, true);
    else if (Object.hasOwn(OWN_FIELDS, name)) report(place, `cannot be swept: ${OWN_FIELDS[name]}`, true);
    else if (outer !== undefined) report(place, `lies inside ${outer}, which is swept too`, true);
    else return [{ name, path: parsed.path, values: readValues(value[name], place, report) }];
    return [];
  });
}

function readValues(value: unknown, place: string[], report: Report): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    report(place, `expected a list of at least one value, got ${shown(value)}`);
    return [];
  }
  const texts = value.map((one) => JSON.stringify(one));
  texts.forEach((text, index) => {
    if (texts.indexOf(text) < index) report([...place, index], `${shown(value[index])} is in the list already`);
  });
  return value;
}

function readSeeds(value: unknown, report: Report): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SEEDS) return value as number;
  report(['seeds'], `expected how many, a whole number from 1 to ${MAX_SEEDS}, got ${shown(value)}`);
  return DEFAULT_SEEDS;
}

function readMetrics(value: unknown, report: Report): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_METRICS) {
    report(['metrics'], `expected a list of 1 to ${MAX_METRICS} metrics, got ${shown(value)}`);
    return [];
  }
  value.forEach((name, index) => {
    const problem = typeof name === 'string' ? metricProblem(name) : `expected a metric, got ${shown(name)}`;
    if (problem !== null) report(['metrics', index], problem);
    else if (value.indexOf(name) < index) report(['metrics', index], `${name} is in the list already`);
  });
  return value;
}
