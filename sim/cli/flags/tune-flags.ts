/** The command line of `tune`: what is wanted, of which world, and which settings may be changed for it. */
import { type Command, listFlag, switchFlag, valueFlag } from 'host/command-line';
import { UsageError } from 'host/user-error';
import { parse } from 'yaml';
import { type Override, parseOverride } from '../../scenario/document/overrides.ts';
import { metricProblem } from '../../study/sweep/metric.ts';
import { MAX_SEEDS } from '../../study/sweep/read-sweep.ts';
import { type Goal, parseGoals } from '../../study/tune/goal.ts';
import { MIN_SEEDS } from '../../study/tune/study.ts';
import { readLink } from './link-flag.ts';
import { PRESET_FLAGS } from './preset-flags.ts';
import { wholeNumber } from './whole-number.ts';
import { WORKERS_FLAG } from './workers-flag.ts';

/** A tuning of this many runs takes a day. */
const MAX_BUDGET = 1_000_000;
const DEFAULT_BUDGET = 2_000;
/** A front in more dimensions holds nearly every point. */
const MAX_OBJECTIVES = 4;

/** One setting and the values it may take. */
export interface Variation {
  path: string;
  values: unknown[];
}

const TUNE_FLAGS = {
  goal: listFlag<Goal[]>({
    about: 'What has to be kept, several joined by "and"; may be repeated',
    expected: 'a threshold such as "p99(detect_ms) < 15000"',
    parse: orUsageError(parseGoals),
  }),
  minimize: valueFlag<string[]>({
    about: 'What shall be small, commas between',
    expected: 'metrics such as keepalive_bytes,false_disconnects',
    parse: readMetrics,
  }),
  scenario: valueFlag<string>({
    about: 'The world to tune for, else 10 boards on a bad link',
    expected: 'a scenario or study (.yaml)',
    parse: (text) => (text === '' ? null : text),
  }),
  link: valueFlag<Override[]>({
    about: 'The link of that world',
    expected: `fields of link: with commas between (loss=0.1,burst=4,latency=50ms)`,
    parse: readLink,
  }),
  ...PRESET_FLAGS,
  set: listFlag<Override>({
    about: 'Override one field of the world (--set boards.count=50); may be repeated',
    expected: 'path=value',
    parse: orUsageError(parseOverride),
  }),
  vary: listFlag<Variation>({
    about: 'A setting and its values, else the study’s own or the usual ones; may be repeated',
    expected: 'path=v1,v2,… (relay.ping_interval=5s,10s,20s)',
    parse: readVariation,
  }),
  budget: valueFlag({
    about: 'Most runs',
    expected: `a whole number from 1 to ${MAX_BUDGET}`,
    default: String(DEFAULT_BUDGET),
    parse: wholeNumber(1, MAX_BUDGET),
  }),
  seeds: valueFlag<number>({
    about: 'Most runs of one setting, else what the study says, else 20',
    expected: `a whole number from ${MIN_SEEDS} to ${MAX_SEEDS}`,
    parse: wholeNumber(MIN_SEEDS, MAX_SEEDS),
  }),
  workers: WORKERS_FLAG,
  out: valueFlag<string>({
    about: 'Where to write the result, else runs/tune-<scenario>-<digest of the study>',
    expected: 'a folder',
    parse: (text) => (text === '' ? null : text),
  }),
  json: switchFlag('Print front.json and nothing else'),
  quiet: switchFlag('Print the result only: no plan, no progress'),
  'no-report': switchFlag('Do not write report.html'),
};

export const TUNE_COMMAND: Command<typeof TUNE_FLAGS> = {
  usage: 'npx tsx sim tune',
  about:
    'Searches keepalive and backoff settings that keep a goal and cost least: races them over seeds and gives each up as soon as it is surely out. ' +
    'A goal is about the mean over seeds and counts as kept when the whole 95 % interval keeps it. Stopped or killed, the same command goes on where it was.',
  flags: TUNE_FLAGS,
  examples: [
    ['npx tsx sim tune --goal "p99(detect_ms) < 15000" --minimize keepalive_bytes,false_disconnects', 'on a bad link'],
    ['npx tsx sim tune --goal "max(recovery_ms) < 60000" --minimize connects_per_s_peak --scenario mine.yaml', 'in a world of your own'],
    [
      'npx tsx sim tune --goal "p99(detect_ms) < 60000" --minimize false_disconnects --client PubSubClient --server-preset mosquitto',
      'for those libraries, with the lines to paste',
    ],
    [
      'npx tsx sim tune --goal "p99(detect_ms) < 9000" --minimize keepalive_bytes --vary relay.ping_interval=2s,3s,5s --vary relay.ping_timeout=2s,5s',
      'among your own values',
    ],
  ],
};

/** For functions that return what is wrong as text. */
function orUsageError<T>(parse: (text: string) => T | string): (text: string) => T {
  return (text) => {
    const result = parse(text);
    if (typeof result === 'string') throw new UsageError(result);
    return result;
  };
}

function readMetrics(text: string): string[] {
  const names = text.split(',').map((name) => name.replace(/\s/g, ''));
  const problems = names.map((name) => metricProblem(name)).filter((problem) => problem !== null);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) problems.push(`${twice} is given twice`);
  if (names.length > MAX_OBJECTIVES) problems.push(`expected at most ${MAX_OBJECTIVES} metrics, got ${names.length}`);
  if (problems.length > 0) throw new UsageError(problems.join('; '));
  return names;
}

function readVariation(text: string): Variation | null {
  const [, path, list] = /^([\w.]+)=(.+)$/s.exec(text) ?? [];
  if (path === undefined) return null;
  try {
    const values: unknown = parse(`[${list}]`);
    return Array.isArray(values) && values.length > 0 ? { path, values } : null;
  } catch {
    throw new UsageError(`${path}: the values are not YAML: ${JSON.stringify(list)}`);
  }
}
