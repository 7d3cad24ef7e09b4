/**
 * What a program may cost on an ESP32, and an estimate of what it does.
 *
 * Espruino's ESP32 builds have 16,383 variables of 14 bytes for everything (boards/ESP32.py). Run from Storage the text of functions stays in flash; what
 * takes memory are the function objects, names and the state of a running channel. On the Linux port the SOS app of 24,186 bytes held 2,206 variables with
 * its channel open, 0.091 a byte. Its variables have 27 bytes, so longer strings take fewer of them there than on the ESP32: a third is added for that.
 * Messages come on top; 1 KiB takes about 90 variables for every copy that is held.
 */

/** In boards/ESP32.py: all of a board's memory for JavaScript. */
export const VARIABLES = 16_383;
export const BYTES_PER_VARIABLE = 14;

/** Share of all variables; the rest is for messages: 64 KiB of text in one piece are a third of everything. */
const VARIABLES_MAX_SHARE = 0.45;

const VARIABLES_PER_BYTE = 0.091 * 1.33;

export interface Cost {
  bytes: number;
  /** Estimated, run from Storage with the channel open. */
  variables: number;
}

export function costOf(code: string): Cost {
  return { bytes: code.length, variables: Math.ceil(code.length * VARIABLES_PER_BYTE) };
}

/** What is wrong with it, or ''. Bytes have no limit of their own: Storage has 896 KiB, and what the variables allow is less. */
export function overBudget({ variables }: Cost): string {
  const max = Math.floor(VARIABLES * VARIABLES_MAX_SHARE);
  return variables <= max ? '' : `the program takes about ${variables} variables of a board; at most ${max} are within the budget`;
}
