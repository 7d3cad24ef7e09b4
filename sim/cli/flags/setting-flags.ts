/**
 * The flags that say what to run: each is one setting of a scenario under another name, read by the same
 * field and resolved the same way.
 *
 * Flags that say what to do with the result are in output-flags.ts.
 */
import { type ConfigFile, readConfigFile } from 'firmware/cli/config-file';
import { findApp } from 'firmware/cli/load-app';
import { type Flag, switchFlag, valueFlag } from 'host/command-line';
import { isMapping } from 'host/is-mapping';
import { meant } from 'host/nearest';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { choice, didYouMean, type Field, readTyped, type Values } from '../../kernel/fields.ts';
import { BALANCER_FIELDS } from '../../net/balancer/settings.ts';
import { changedLink, LINK_FLAGS, type LinkFlag, type LinkValues, linkSettings } from '../../net/link/settings.ts';
import { BACKOFF_EXPECTED, readBackoffSpec, writeBackoffSpec } from '../../scenario/document/backoff-spec.ts';
import type { Problem } from '../../scenario/document/problem.ts';
import { resolve } from '../../scenario/document/resolve.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import {
  AIR_SECTION_FIELDS,
  type BACKOFF_FIELDS,
  BOARD_FIELDS,
  DEFAULTS,
  HEADER_FIELDS,
  RELAY_FIELDS,
  type ScenarioDocument,
} from '../../scenario/settings.ts';
import { WEATHERS } from '../../scenario/weathers.ts';

type Path =
  | readonly [section: 'boards' | 'link' | 'balancer' | 'air' | 'relay', key: string]
  | readonly [key: 'aps' | 'duration' | 'seed' | 'tls' | 'weather'];

/** A flag that is a setting. */
interface Setting<V> {
  flag: Flag<V>;
  /** Where its value stands in a document. */
  path: Path;
  /** The value as the document has it. */
  inDocument(value: unknown): unknown;
  /** The value as it is typed; '' for a switch. */
  inLine(value: unknown): string;
  spell?(text: string): string | null;
}

/** @param fallback left out: the setting need not be there */
function setting<T>(about: string, path: Path, field: Field<T>, fallback?: NoInfer<T>): Setting<T> {
  const inLine = (value: unknown) => String(field.write(value as T));
  const parse = (text: string) => readTyped(field, text);
  const withDefault = fallback !== undefined && { default: inLine(fallback) };
  return {
    flag: valueFlag({ about, expected: field.expected, parse, didYouMean: (text) => didYouMean(field, text), ...withDefault }) as Flag<T>,
    path,
    inDocument: (value) => value,
    inLine,
    spell: (text) => field.spell?.(text) ?? null,
  };
}

const firmware: Setting<string> = {
  flag: valueFlag({
    about: 'The firmware module that every board runs',
    expected: 'a file that exports app(hal, config)',
    default: DEFAULTS.boards.firmware,
    parse: (text) => findApp(text) && text,
  }),
  path: ['boards', 'firmware'],
  inDocument: (value) => value,
  inLine: String,
};

const config: Setting<ConfigFile | undefined> = {
  flag: valueFlag({ about: 'The device’s config.json', expected: 'a JSON file', parse: readConfigFile }),
  path: ['boards', 'config'],
  inDocument: (value) => (value as ConfigFile).value,
  inLine: (value) => (value as ConfigFile).file,
};

type Backoff = Values<typeof BACKOFF_FIELDS>;

const backoff: Setting<Backoff> = {
  flag: valueFlag({
    about: 'Wait between two attempts to connect',
    expected: BACKOFF_EXPECTED,
    default: 'exponential,min=1s,max=60s,jitter=full',
    parse: readBackoff,
  }),
  path: ['boards', 'backoff'],
  inDocument: (value) => value,
  inLine: (value) => writeBackoffSpec(value as Backoff),
};

const linkFlags = Object.fromEntries(
  LINK_FLAGS.map(({ flag, about, key, field, default: fallback }) => [flag, setting(about, ['link', key], field, fallback)]),
) as Record<LinkFlag, Setting<unknown>>;

const { boards, relay, air } = DEFAULTS;

/** A setting that is off unless it is asked for. */
function switched(about: string, path: Path): Setting<boolean> {
  return { flag: switchFlag(about), path, inDocument: (value) => value, inLine: () => '' };
}

const SETTINGS = {
  boards: setting('Virtual boards', ['boards', 'count'], BOARD_FIELDS.count, boards.count),
  firmware,
  config,
  client: setting('The library whose keepalive and backoff the boards have; other flags win', ['boards', 'client'], BOARD_FIELDS.client),
  device: setting('Device profile', ['boards', 'device'], BOARD_FIELDS.device, boards.device),
  battery: setting('Capacity of each board’s battery, for battery_days', ['boards', 'battery'], BOARD_FIELDS.battery, boards.battery),
  'light-sleep': switched('The CPU stops while it waits, where the radio is off or saves power', ['boards', 'light_sleep']),
  'frequency-scaling': switched('The CPU’s clock goes down while it waits', ['boards', 'frequency_scaling']),
  'any-javascript': switched('Run firmware that Espruino cannot run; with --device ideal only', ['boards', 'any_javascript']),
  aps: setting('Access points, to which the boards belong by turns', ['aps'], HEADER_FIELDS.aps, DEFAULTS.aps),
  'per-ap': setting('The same by the boards that each has', ['boards', 'per_ap'], BOARD_FIELDS.per_ap),
  air: setting('What boards share; private: each has an air of its own', ['air', 'medium'], AIR_SECTION_FIELDS.medium, air.medium),
  neighbours: setting(
    'Share of each channel’s air that somebody else takes',
    ['air', 'neighbours'],
    AIR_SECTION_FIELDS.neighbours,
    air.neighbours,
  ),
  hidden: setting('Share of the pairs of boards that do not hear each other', ['air', 'hidden'], AIR_SECTION_FIELDS.hidden, air.hidden),
  'slow-station': switched('The first board of each access point sends and gets at 1 Mbit/s', ['air', 'slow_station']),
  'ap-queue': setting(
    'Packets that wait at an access point; deep: as under Linux',
    ['air', 'ap_queue'],
    AIR_SECTION_FIELDS.ap_queue,
    air.ap_queue,
  ),
  aggregate: switched('Access points send packets for one board together (A-MPDU)', ['air', 'aggregate']),
  weather: setting('A place: the link of one of scenarios/weather/, and what happens there; other flags of the link win', ['weather'], {
    ...choice(WEATHERS),
    spell: (text) => meant(text, WEATHERS),
  }),
  ...linkFlags,
  balancer: setting('A well-known balancer or reverse proxy stands before the relay', ['balancer', 'preset'], BALANCER_FIELDS.preset),
  duration: setting('Virtual time', ['duration'], HEADER_FIELDS.duration, DEFAULTS.duration),
  tls: setting('TLS: encrypted only, the board verifies the relay, or both verify', ['tls'], HEADER_FIELDS.tls, DEFAULTS.tls),
  seed: setting('Of all chance in the run', ['seed'], HEADER_FIELDS.seed, DEFAULTS.seed),
  'server-preset': setting(
    'The server or proxy whose keepalive and policy the relay has; other flags win',
    ['relay', 'server'],
    RELAY_FIELDS.server,
  ),
  'ping-interval': setting('The relay’s keepalive, 0s = off', ['relay', 'ping_interval'], RELAY_FIELDS.ping_interval, relay.ping_interval),
  'ping-timeout': setting('How long the relay waits for a pong', ['relay', 'ping_timeout'], RELAY_FIELDS.ping_timeout, relay.ping_timeout),
  'board-ping-interval': setting(
    'The board pings when nothing was heard for so long, 0s = off',
    ['boards', 'board_ping_interval'],
    BOARD_FIELDS.board_ping_interval,
    boards.board_ping_interval,
  ),
  'board-ping-timeout': setting(
    'How long the board waits for a pong',
    ['boards', 'board_ping_timeout'],
    BOARD_FIELDS.board_ping_timeout,
    boards.board_ping_timeout,
  ),
  backoff,
  'duplicate-id': setting(
    'What the relay does with an id that is connected already',
    ['relay', 'duplicate_id'],
    RELAY_FIELDS.duplicate_id,
    relay.duplicate_id,
  ),
  mode: setting('What the relay does with a message', ['relay', 'mode'], RELAY_FIELDS.mode, relay.mode),
};

type Settings = typeof SETTINGS;
type SettingName = keyof Settings;

const NAMES = Object.keys(SETTINGS) as SettingName[];

export const SETTING_FLAGS = Object.fromEntries(NAMES.map((name) => [name, SETTINGS[name].flag])) as {
  [K in SettingName]: Settings[K]['flag'];
};

/** A setting that was given, and its value as the flag reads it. */
export interface GivenSetting {
  name: SettingName;
  value: unknown;
}

export function givenSettings(values: Record<SettingName, unknown>, given: ReadonlySet<string>): GivenSetting[] {
  return NAMES.filter((name) => given.has(name)).map((name) => ({ name, value: values[name] }));
}

/** What is loaded only for whoever names it. */
export interface Named {
  /** That --weather names; null: it is not given. */
  weather: Scenario | null;
  /** presets/apply.ts, for --client and --server-preset; null: neither is given. */
  applyPresets: ((document: Record<string, unknown>) => void) | null;
}

const NOTHING_NAMED: Named = { weather: null, applyPresets: null };

/** Of a command's flags. */
export async function namedBy(given: ReadonlySet<string>, weather: string | undefined): Promise<Named> {
  const isPreset = given.has('client') || given.has('server-preset');
  return {
    weather: weather === undefined ? null : (await import('../files/weather.ts')).readWeather(weather),
    applyPresets: isPreset ? (await import('../../presets/apply.ts')).applyPresets : null,
  };
}

export function scenarioOf(given: readonly GivenSetting[], named: Named = NOTHING_NAMED): Scenario {
  const { weather, applyPresets } = named;
  const document: Record<string, unknown> = {};
  for (const { name, value } of given.filter((setting) => setting.name !== 'weather')) {
    const { path, inDocument } = SETTINGS[name];
    const [section, key] = path;
    document[section] = key === undefined ? inDocument(value) : { ...(document[section] as object), [key]: inDocument(value) };
  }
  applyPresets?.(document);
  const { scenario, problems } = resolve({ ...document, relay: readRelay(document.relay) } as ScenarioDocument);
  if (scenario === null) throw new UsageError(problems.map(inFlags).join('\n'));
  if (weather === null || !given.some(({ name }) => name === 'weather')) return scenario;
  const own = linkSettings((document.link ?? {}) as LinkValues);
  return { ...scenario, link: changedLink(weather.link, own), steps: weather.steps };
}

/** Flags have been read, what a preset stands for has not. */
function readRelay(relay: unknown): unknown {
  if (!isMapping(relay)) return relay;
  const read = ([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' ? RELAY_FIELDS[key as keyof typeof RELAY_FIELDS].read(value) : value,
  ];
  return Object.fromEntries(Object.entries(relay).map(read));
}

/** The command that runs this again: the flags that make a difference, and no others. */
export function replayLine(given: readonly GivenSetting[], named: Named = NOTHING_NAMED): string {
  const wanted = JSON.stringify(scenarioOf(given, named));
  let needed = [...given];
  for (const setting of given) {
    const fewer = needed.filter((other) => other !== setting);
    if (isSame(fewer, named, wanted)) needed = fewer;
  }
  return ['npx tsx sim', ...needed.map(inLine)].join(' ');
}

function inLine({ name, value }: GivenSetting): string {
  const text = SETTINGS[name].inLine(value);
  return text === '' ? `--${name}` : `--${name} ${shellQuote(text)}`;
}

function isSame(given: readonly GivenSetting[], named: Named, wanted: string): boolean {
  try {
    return JSON.stringify(scenarioOf(given, named)) === wanted;
  } catch (error) {
    // Two flags may only be legal together.
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** A setting that is given as a flag where `--set` is what changes one; null: no such flag. */
export function asOverride(flag: string, value: string): string | null {
  if (!Object.hasOwn(SETTINGS, flag)) return null;
  const { path, spell }: Setting<unknown> = SETTINGS[flag as SettingName];
  return `--set ${shellQuote(`${path.join('.')}=${spell?.(value) ?? value}`)}`;
}

/** A problem of the document, in terms of the flags that made it. */
function inFlags({ path, message }: Problem): string {
  const name = NAMES.find((flag) => SETTINGS[flag].path.every((key, depth) => key === path[depth]));
  const inside = name === undefined ? path : path.slice(SETTINGS[name].path.length);
  return `${name === undefined ? '' : `--${name}: `}${inside.length === 0 ? '' : `${inside.join('.')}: `}${message}`;
}

function readBackoff(text: string): Backoff {
  const read = readBackoffSpec(text);
  if ('problem' in read) throw new UsageError(`expected ${BACKOFF_EXPECTED}, got ${JSON.stringify(text)}: ${read.problem}`);
  return read.backoff;
}
