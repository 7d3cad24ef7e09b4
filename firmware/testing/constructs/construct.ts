/**
 * A table of the language, construct by construct: whether Espruino does the same as Node.js with it, once
 * built. Two tests read it. The checker must find what is `found`, the check of types what is `typed`, and
 * neither may object to what is `same`; an engine (ESPRUINO) must agree with Node or differ.
 *
 * Left out: what differs between processors, by whether `char` has a sign (letters above U+007F in upper and
 * lower case, a range in a class across \x80).
 */

export interface Construct {
  /** An expression, or a function's body; of a `later` one, a body that calls `done(value)`. */
  code: string;
  verdict: 'same' | 'found' | 'typed' | 'unseen';
  /**
   * Of `found` and `typed`, a part of what must be said · of `unseen`, what differs, and what to write so
   * that it does not matter.
   */
  words: string;
}

type Constructs = readonly Construct[];

/** As everywhere. */
export const same = (...codes: string[]): Constructs => codes.map((code) => ({ code, verdict: 'same', words: '' }));

/** Differs, or should not be relied on, and the checker says so. */
export const found = (words: string, ...codes: string[]): Constructs => codes.map((code) => ({ code, verdict: 'found', words }));

/** Differs, and only types tell. */
export const typed = (words: string, ...codes: string[]): Constructs => codes.map((code) => ({ code, verdict: 'typed', words }));

/** Differs, and nothing tells: it depends on values. */
export const unseen = (words: string, ...codes: string[]): Constructs => codes.map((code) => ({ code, verdict: 'unseen', words }));
