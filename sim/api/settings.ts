/**
 * Settings as a program writes them: the words of a scenario file in camel case, and what the schema of
 * scenario files makes of them.
 *
 * The names and types come from the tables that files and flags are read by, so a new setting is here too. A
 * setting of a section may stand outside of it, as it does on the command line (`dropRate`, `pingInterval`).
 */
import type { FirmwareApp } from 'firmware/boot';
import type { DeviceConfig } from 'firmware/config';
import { isMapping } from 'host/is-mapping';
import { meant } from 'host/nearest';
import type { DurationText, Written } from '../kernel/fields.ts';
import type { BALANCER_FIELDS } from '../net/balancer/settings.ts';
import { LINK_FIELDS, type WrittenLink } from '../net/link/settings.ts';
import type { Problem } from '../scenario/document/problem.ts';
import { describeProblem } from '../scenario/document/yaml-text.ts';
import {
  AIR_SECTION_FIELDS,
  type BACKOFF_FIELDS,
  BOARD_FIELDS,
  type GROUP_FIELDS,
  HEADER_FIELDS,
  LINK_ALIASES,
  RELAY_ALIASES,
  RELAY_FIELDS,
} from '../scenario/settings.ts';

/** `ping_interval` and `ping-interval` are `pingInterval`. */
type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}` | `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;
type InCamelCase<T> = { [Key in keyof T as Key extends string ? CamelCase<Key> : never]: T[Key] };
type Some<T> = { [Key in keyof T]?: T[Key] extends object ? Some<T[Key]> : T[Key] };

/**
 * A program for boards: the file that exports it as `app`, of which each board runs a copy of its own, anew
 * at each boot; or the function itself, which cannot be copied: the variables around it are all boards', and
 * stay as they are when a board resets.
 */
export type Firmware = FirmwareApp | string | URL;

export type LinkSettings = InCamelCase<WrittenLink>;
export type RelaySettings = InCamelCase<Written<typeof RELAY_FIELDS>>;
export type AirSettings = InCamelCase<Written<typeof AIR_SECTION_FIELDS>>;
export type BalancerSettings = InCamelCase<Written<typeof BALANCER_FIELDS>>;
interface DeviceSettings {
  firmware?: Firmware;
  /** Also as the flag has it: `exponential,min=1s,max=60s,jitter=full`. */
  backoff?: InCamelCase<Written<typeof BACKOFF_FIELDS>> | string;
  /** Any key of the device's config.json, under its own name. */
  config?: Some<DeviceConfig>;
}
export type BoardSettings = Omit<InCamelCase<Written<typeof BOARD_FIELDS>>, 'firmware'> & DeviceSettings;
/** Of some boards of the fleet; what it does not say is as `boards` and `link` have it. */
export type GroupSettings = Omit<InCamelCase<Written<typeof GROUP_FIELDS>>, 'firmware'> &
  DeviceSettings & { link?: LinkSettings & { preset?: string } };

/** Which boards a step touches: `all`, `20%`, the first 3, `board-7`, several of them, `old`, `20% of old`. */
export type BoardTarget = string | number | readonly string[];

/** As a file has it: `{ at: '1m', action: 'link.blackhole', boards: '20%', for: '45s' }`. */
export interface StepSettings {
  /** Of the world's time; left out: now. */
  at?: DurationText;
  /** Left out: the step says `expect`. */
  action?: string;
  boards?: BoardTarget;
  /** Also drawn by the seed: `{ p50: '20s', p99: '5m' }`, `{ mean: '10m' }`. */
  for?: DurationText | Readonly<Record<string, DurationText>>;
  every?: DurationText | Readonly<Record<string, DurationText>>;
  times?: number;
  /** What the action takes. */
  [parameter: string]: unknown;
}

type Sections = Omit<BoardSettings, 'count'> & LinkSettings & RelaySettings & Omit<AirSettings, 'medium'>;

export interface Settings extends InCamelCase<Written<typeof HEADER_FIELDS>>, Sections {
  /** A number: so many. */
  boards?: number | BoardSettings;
  /** Groups of boards by name, in the order of their ids. */
  fleet?: Readonly<Record<string, GroupSettings>>;
  link?: LinkSettings & { trace?: string; preset?: string };
  balancer?: BalancerSettings;
  relay?: RelaySettings;
  air?: AirSettings['medium'] | AirSettings;
  steps?: readonly StepSettings[];
  /** What `${name}` stands for. */
  vars?: Readonly<Record<string, unknown>>;
  checks?: readonly string[];
  thresholds?: readonly string[];
}

/** Settings as the schema takes them. */
export interface SettingsDocument {
  document: Record<string, unknown>;
  /** A problem of the document in the words in which it was written. */
  inWords(problem: Problem): string;
  problems: string[];
}

const WHOLE = [...Object.keys(HEADER_FIELDS), 'vars', 'checks', 'thresholds'];
const SECTIONS: Record<string, readonly string[]> = {
  boards: [...Object.keys(BOARD_FIELDS), 'backoff', 'config'],
  link: [...Object.keys(LINK_FIELDS), ...Object.keys(LINK_ALIASES), 'trace', 'preset'],
  relay: [...Object.keys(RELAY_FIELDS), ...Object.keys(RELAY_ALIASES)],
  air: Object.keys(AIR_SECTION_FIELDS),
};
/** One whose settings are called as others are, and stand inside of it alone. */
const BALANCER = 'balancer';
/** One whose keys are names. */
const FLEET = 'fleet';
/** Settings that may stand outside of their section, by the names that they have there. */
const FLAT = new Map(Object.entries(SECTIONS).flatMap(([section, keys]) => keys.map((key) => [camelCase(key), { section, key }])));
const NAMES = [...WHOLE, ...Object.keys(SECTIONS), BALANCER, FLEET, 'steps', ...FLAT.keys()];

/** Nothing is judged here but names; `undefined` is as good as left out. */
export function documentOf(settings: Record<string, unknown>): SettingsDocument {
  const document: Record<string, unknown> = {};
  const written = new Map<string, string>();
  const problems: string[] = [];
  const inSection = (section: string): Record<string, unknown> => {
    document[section] ??= {};
    return document[section] as Record<string, unknown>;
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  // Sections first, so that what stands outside finds what stands inside.
  given.sort(([a], [b]) => Number(Object.hasOwn(SECTIONS, b)) - Number(Object.hasOwn(SECTIONS, a)));
  for (const [name, value] of given) {
    const flat = FLAT.get(name);
    if (name === 'boards' && typeof value === 'number') {
      inSection('boards').count = value;
      written.set('boards.count', 'boards');
    } else if (WHOLE.includes(name)) document[name] = value;
    else if (name === 'steps') document.steps = Array.isArray(value) ? value.map((step) => inSnakeCase(step, problems, 'steps')) : value;
    else if (name === FLEET) document.fleet = fleetOf(value, problems);
    else if (Object.hasOwn(SECTIONS, name) || name === BALANCER) document[name] = inSnakeCase(value, problems, name);
    else if (flat === undefined) problems.push(`${name}: ${unknownName(name)}`);
    else if (isMapping(document[flat.section] ?? {})) {
      if (Object.hasOwn(inSection(flat.section), flat.key)) problems.push(`${name}: given as ${flat.section}.${name} too`);
      inSection(flat.section)[flat.key] = flat.key === 'backoff' ? inSnakeCase(value, problems, name) : value;
      written.set(`${flat.section}.${flat.key}`, name);
    } else problems.push(`${name}: cannot stand beside ${flat.section}: ${JSON.stringify(document[flat.section])}`);
  }
  return { document, problems, inWords: (problem) => inWords(problem, written) };
}

/** What is wrong with a document, in camel case. @param written where settings stood that stood elsewhere */
function inWords({ path, message, isKey }: Problem, written: ReadonlyMap<string, string>): string {
  const [section, key] = path;
  const own = written.get(`${section}.${key}`);
  const rest = own === undefined ? path : [own, ...path.slice(2)];
  // config.json has its own names.
  const isConfig = (section === 'boards' && key === 'config') || (section === FLEET && path[2] === 'config');
  const spell = (text: string) => (isConfig ? text : camelCase(text));
  const words = isKey && !isConfig ? message.replace(/\b[a-z]+(_[a-z]+)+\b/g, camelCase) : message;
  return describeProblem({
    path: rest.map((one, depth) => (typeof one === 'string' && !(section === FLEET && depth === 1) ? spell(one) : one)),
    message: words,
  });
}

/** The keys of a mapping and of mappings in it, but for those of a device's config. */
function inSnakeCase(value: unknown, problems: string[], place: string): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => {
        if (key.includes('_')) problems.push(`${place}.${key}: unknown key (here it is ${JSON.stringify(camelCase(key))})`);
        return [snakeCase(key), key === 'config' ? inner : inSnakeCase(inner, problems, `${place}.${key}`)];
      }),
  );
}

function fleetOf(value: unknown, problems: string[]): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, group]) => [name, inSnakeCase(group, problems, `${FLEET}.${name}`)]));
}

function unknownName(name: string): string {
  const near = meant(name, NAMES);
  return near === null ? `unknown setting; expected one of ${NAMES.join(', ')}` : `unknown setting (did you mean "${near}"?)`;
}

function camelCase(text: string): string {
  return text.replace(/[_-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
