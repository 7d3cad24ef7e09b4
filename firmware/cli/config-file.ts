/**
 * A device's `config.json` as a file of this computer: read, bounded, and checked by the very rules that the
 * device applies. It may have comments and commas behind the last value, as editors know it (JSONC); a board
 * only ever gets plain JSON.
 */
import { createRequire } from 'node:module';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import type * as Jsonc from 'jsonc-parser';
import { parseConfig } from '../config.ts';

/** A device's config.json has a dozen keys. */
const MAX_CONFIG_BYTES = 64 * 1024;

export interface ConfigFile {
  file: string;
  /** As JSON.parse gave it, and without error: what is left out there gets the device's defaults. */
  value: Record<string, unknown>;
}

/** @throws UsageError with a line for each thing that is wrong, to stand behind `--config: ` */
export function readConfigFile(file: string): ConfigFile {
  const value = parseJson(file, readInput(file, MAX_CONFIG_BYTES));
  const { errors } = parseConfig(value);
  if (errors.length > 0) throw new UsageError(errors.map((error) => `${file}: ${error}`).join('\n--config: '));
  return { file, value: value as Record<string, unknown> };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseWithComments(file, text);
  }
}

/** By code of the parser. Its own words, as the engine's, may quote the file, and with it a password. */
const PROBLEMS: Record<string, string> = {
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon between key and value',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: 'expected } at the end of an object',
  CloseBracketExpected: 'expected ] at the end of a list',
  EndOfFileExpected: 'expected nothing behind the config',
  UnexpectedEndOfComment: 'a comment without its end',
  UnexpectedEndOfString: 'a text without its closing quote',
  InvalidEscapeCharacter: 'an escape that JSON does not have; a \\ itself is written \\\\',
  InvalidCharacter: 'a line break or tab in a text',
};

function parseWithComments(file: string, text: string): unknown {
  // Only files that are no plain JSON pay for it.
  const { parse, printParseErrorCode } = createRequire(__filename)('jsonc-parser') as typeof Jsonc;
  const errors: Jsonc.ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: false });
  const [first] = errors;
  if (first === undefined) return value;
  const before = text.slice(0, first.offset).split('\n');
  const place = `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  throw new UsageError(`${place}: ${PROBLEMS[printParseErrorCode(first.error)] ?? 'expected JSON, got something else'}`);
}
