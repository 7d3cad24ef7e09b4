/**
 * Command lines, strictly: flags are declared as data, read by yargs, and everything that is wrong with a
 * line is said at once.
 *
 * Words are split by yargs' own parser; yargs itself, three times the code, is loaded when help is to be
 * written. Nothing is guessed here: no numbers, negations, camel case or abbreviations, and an unknown flag
 * is an error that names the nearest legal one. Nothing in this file prints or exits: a wrong line is a
 * UsageError.
 */
import parseWords from 'yargs-parser';
import { meant, nearest } from './nearest.ts';
import { UsageError } from './user-error.ts';

/** A flag whose value, once read, is a V. Made by `valueFlag`, `listFlag` or `switchFlag`. */
export interface Flag<V> {
  kind: 'value' | 'list' | 'switch';
  about: string;
  /** Completes "expected …". */
  expected: string;
  /** What stands for the flag when it is not given, as the user would type it. */
  default?: string;
  /** Another name for it. */
  alias?: string;
  /** null: not legal. May throw a UsageError to say more than `expected` does. */
  parse(text: string): unknown;
  /**
   * What a value that is not legal may have been meant as, to stand behind it: ` (did you mean 0.1?)`, or ''.
   */
  didYouMean?(text: string): string;
  /** Never set; carries the type. */
  value?: V;
}

interface ValueFlag<T> {
  about: string;
  expected: string;
  alias?: string;
  parse(text: string): T | null;
  didYouMean?(text: string): string;
}

/** `--flag VALUE`, once at most. Without a default the value is undefined when the flag is not given. */
export function valueFlag<T>(flag: ValueFlag<T> & { default: string }): Flag<T>;
export function valueFlag<T>(flag: ValueFlag<T>): Flag<T | undefined>;
export function valueFlag<T>(flag: ValueFlag<T> & { default?: string }): Flag<T | undefined> {
  return { kind: 'value', ...flag };
}

/** `--flag VALUE --flag VALUE …`: all values in order. */
export function listFlag<T>(flag: ValueFlag<T>): Flag<T[]> {
  return { kind: 'list', ...flag };
}

/** `--flag`, without value. A flag that turns something off is a switch that is called `no-…`. */
export function switchFlag(about: string): Flag<boolean> {
  return { kind: 'switch', about, expected: 'no value', parse: (text) => text };
}

/** A flag that takes one of a few words. */
export function choiceFlag<const T extends string>(about: string, choices: readonly T[], fallback: NoInfer<T>): Flag<T> {
  const parse = (text: string) => choices.find((choice) => choice === text) ?? null;
  const didYouMean = (text: string) => {
    const near = meant(text, choices);
    return near === null ? '' : ` (did you mean ${near}?)`;
  };
  return valueFlag({ about, expected: `one of ${choices.join(', ')}`, default: fallback, parse, didYouMean });
}

export type Flags = Record<string, Flag<unknown>>;

export interface Command<F extends Flags> {
  /** How the command is called, for the help: `npx tsx relay`. */
  usage: string;
  about: string;
  flags: F;
  /** The name of the arguments that are not flags (`FILE…`), if the command takes any. */
  positionals?: string;
  examples: readonly (readonly [line: string, about: string])[];
  /**
   * What somebody means who gives a flag that is another command's; null: nothing better than the nearest
   * legal one.
   */
  meant?(flag: string, value: string): string | null;
  /** What somebody means who gives a word to a command that takes none; null: nobody knows. */
  meantBy?(word: string): string | null;
}

export type CommandLine<F extends Flags> =
  | { help: string }
  | {
      help: null;
      values: { [K in keyof F]: F[K] extends Flag<infer V> ? V : never };
      /** The flags that the line really holds; the others have their defaults. */
      given: ReadonlySet<keyof F & string>;
      positionals: string[];
    };

/** Width of the help text, where the terminal is not narrower. */
const HELP_COLUMNS = 110;

/**
 * Reads the words after the command's name. `--help` or `-h` anywhere wins over every mistake.
 * @throws UsageError with a line for each thing that is wrong
 */
export async function readCommandLine<F extends Flags>(command: Command<F>, words: readonly string[]): Promise<CommandLine<F>> {
  const parsed: Record<string, unknown> = splitWords(command.flags, words);
  if (parsed.help === true) return { help: await helpOf(command) };

  const errors: string[] = [];
  const positionals = (parsed._ as unknown[]).map(String);
  if (command.positionals === undefined) errors.push(...positionals.map((word) => unexpected(word, command.meantBy?.(word) ?? null)));
  const legal = new Set([...Object.keys(command.flags), ...Object.values(command.flags).map(({ alias }) => alias)]);
  for (const name of Object.keys(parsed)) {
    if (name === '_' || name === 'help' || name === 'h' || legal.has(name)) continue;
    const instead = command.meant?.(name, String(parsed[name])) ?? null;
    errors.push(
      `unknown flag ${dashed(name)}; ${instead === null ? `the nearest legal flag is ${dashed(nearest(name, [...Object.keys(command.flags), 'help']))}` : `here it is ${instead}`}`,
    );
  }

  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  for (const [name, flag] of Object.entries(command.flags)) {
    const found = Object.hasOwn(parsed, name) ? [parsed[name]].flat() : [];
    if (found.length > 0) given.add(name);
    values[name] = readFlag(name, flag, found, errors);
  }
  if (errors.length > 0) throw new UsageError(errors.join('\n'));
  return { help: null, values: values as never, given: given as never, positionals };
}

function unexpected(word: string, instead: string | null): string {
  return `unexpected argument ${JSON.stringify(word)}${instead === null ? '' : `; ${instead}`}`;
}

function splitWords(flags: Flags, words: readonly string[]) {
  const names = Object.keys(flags);
  return parseWords([...words], {
    string: names.filter((name) => flags[name].kind !== 'switch'),
    boolean: [...names.filter((name) => flags[name].kind === 'switch'), 'help'],
    alias: { help: ['h'], ...Object.fromEntries(names.map((name) => [name, flags[name].alias ?? []])) },
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    },
  });
}

async function helpOf(command: Command<Flags>): Promise<string> {
  const { default: yargs } = await import('yargs');
  const positionals = command.positionals === undefined ? '' : ` ${command.positionals}`;
  const help = yargs([])
    .detectLocale(false)
    .version(false)
    .help(false)
    .exitProcess(false)
    .wrap(Math.min(HELP_COLUMNS, process.stdout.columns || HELP_COLUMNS));
  help.usage(`${command.usage}${positionals} [flags]\n\n${command.about}`);
  for (const [name, flag] of Object.entries(command.flags)) {
    const fallback = flag.default === undefined ? '' : ` (default ${flag.default})`;
    const describe = flag.kind === 'switch' ? flag.about : `${flag.about}: ${flag.expected}${fallback}`;
    help.option(name, { alias: flag.alias, type: flag.kind === 'switch' ? 'boolean' : 'string', describe });
  }
  help.option('help', { alias: 'h', type: 'boolean', describe: 'Show this help' });
  for (const [line, about] of command.examples) help.example(line, about);
  return help.getHelp();
}

function readFlag(name: string, flag: Flag<unknown>, texts: unknown[], errors: string[]): unknown {
  if (flag.kind === 'switch') {
    if (texts.some((value) => value !== true)) errors.push(`${dashed(name)}: takes no value`);
    return texts.length > 0;
  }
  if (flag.kind === 'value' && texts.length > 1) errors.push(`${dashed(name)} is given ${texts.length} times; expected once`);
  if (flag.kind === 'list') return texts.map((text) => readValue(name, flag, String(text), errors));
  const text = texts[0] ?? flag.default;
  return text === undefined ? undefined : readValue(name, flag, String(text), errors);
}

function readValue(name: string, flag: Flag<unknown>, text: string, errors: string[]): unknown {
  try {
    const value = flag.parse(text);
    if (value === null)
      errors.push(`${dashed(name)}: expected ${flag.expected}, got ${JSON.stringify(text)}${flag.didYouMean?.(text) ?? ''}`);
    return value;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    errors.push(`${dashed(name)}: ${error.message}`);
    return null;
  }
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
