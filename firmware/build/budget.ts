/**
 * What a program may cost on an ESP32, and what it does: its room in flash, and the variables that it holds
 * (variables.ts), which is what boards run out of.
 */
import type { Part, Program } from './build.ts';
import { countVariables, type Kind, type Variables } from './variables.ts';

/** In boards/ESP32.py: all of a board's memory for JavaScript. */
export const VARIABLES = 16_383;
export const BYTES_PER_VARIABLE = 14;

/** Share of all variables; the rest is for messages: 64 KiB of text in one piece are 40 % of everything. */
const VARIABLES_MAX_SHARE = 0.45;

/**
 * Half of the ESP32 build's Storage of 896 KiB (boards/ESP32.py): a program is written beside the one that it
 * replaces, each with a header.
 */
const PROGRAM_MAX_BYTES = (896 / 2) * 1024 - 256;

/** How many parts and kinds an overrun names. */
const NAMED = 3;

export interface Cost {
  bytes: number;
  /** Of them, what carried files take. */
  filesBytes: number;
  /** Counted: run from Storage, with the channel open. */
  variables: number;
  /** Of them, by what holds them. */
  kinds: Variables;
}

export function costOf({ code, filesBytes }: Pick<Program, 'code' | 'filesBytes'>): Cost {
  const { total, kinds } = countVariables(code);
  return { bytes: code.length, filesBytes, variables: total, kinds };
}

/** What is wrong with it, or ''. */
export function overBudget({ bytes, variables, kinds }: Pick<Cost, 'bytes' | 'variables' | 'kinds'>, parts: readonly Part[]): string {
  const problems: string[] = [];
  if (bytes > PROGRAM_MAX_BYTES)
    problems.push(
      `the program has ${bytes} bytes, at most ${PROGRAM_MAX_BYTES} are allowed, because a board's Storage must hold it and its successor`,
    );
  const max = Math.floor(VARIABLES * VARIABLES_MAX_SHARE);
  if (variables > max) {
    const share = (VARIABLES_MAX_SHARE * 100).toFixed(0);
    problems.push(
      `the program holds about ${variables} of a board's ${VARIABLES} variables, at most ${max} (${share} %) are allowed, because messages need the rest`,
    );
  }
  if (problems.length === 0) return '';
  const biggest = parts.slice(0, NAMED).map((part) => `${part.file} ${part.bytes}`);
  const most = (Object.entries(kinds) as [Kind, number][]).sort(([, a], [, b]) => b - a).slice(0, NAMED);
  return (
    `over budget: ${problems.join('; ')}. Most of the variables: ${most.map(([kind, count]) => `${kind} ${count}`).join(', ')}. ` +
    `The biggest parts in bytes, before the minifier: ${biggest.join(', ')}`
  );
}
