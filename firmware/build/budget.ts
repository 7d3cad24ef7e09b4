/**
 * What a program may cost on an ESP32, and an estimate of what it does.
 *
 * Espruino's ESP32 builds have 16,383 variables of 14 bytes for everything (boards/ESP32.py). Run from Storage the text of functions stays in flash; what
 * takes memory are the function objects, names and the state of a running channel. On the Linux port the SOS app of 20,848 bytes held 1,849 variables with
 * its channel open, 0.089 a byte. Its variables have 27 bytes, so longer strings take fewer of them there than on the ESP32: a third is added for that.
 * Messages come on top; 1 KiB takes about 90 variables for every copy that is held. So do the files that a program carries: a certificate and its key.
 */
import type { Part, Program } from './build.ts';

/** In boards/ESP32.py: all of a board's memory for JavaScript. */
export const VARIABLES = 16_383;
export const BYTES_PER_VARIABLE = 14;

/** Share of all variables; the rest is for messages: 64 KiB of text in one piece are a third of everything. */
const VARIABLES_MAX_SHARE = 0.45;

/** How many parts an overrun names. */
const PARTS_NAMED = 3;

const VARIABLES_PER_BYTE = 0.089 * 1.33;
/** Of a file, whose base64 becomes three bytes for four. */
const VARIABLES_PER_BASE64_BYTE = (90 / 1024) * 0.75;

export interface Cost {
  bytes: number;
  /** Of them, what carried files take. */
  filesBytes: number;
  /** Estimated, run from Storage with the channel open. */
  variables: number;
}

export function costOf({ code, filesBytes }: Pick<Program, 'code' | 'filesBytes'>): Cost {
  const bytes = code.length;
  return { bytes, filesBytes, variables: Math.ceil((bytes - filesBytes) * VARIABLES_PER_BYTE + filesBytes * VARIABLES_PER_BASE64_BYTE) };
}

/** What is wrong with it, or ''. */
export function overBudget({ variables }: Cost, parts: readonly Part[]): string {
  const max = Math.floor(VARIABLES * VARIABLES_MAX_SHARE);
  if (variables <= max) return '';
  const biggest = parts.slice(0, PARTS_NAMED).map((part) => `${part.file} ${part.bytes}`);
  return `over budget: the program takes about ${variables} of a board's variables, at most ${max} are allowed. The biggest parts, before the minifier: ${biggest.join(', ')}`;
}
