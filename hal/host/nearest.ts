/**
 * "Did you mean": the legal word that is the fewest edits away from one that is not (Levenshtein's distance).
 */
import { distance } from 'fastest-levenshtein';

/** The comparison is quadratic, and no legal word is nearly as long. */
const COMPARED_CHARACTERS_MAX = 100;
/** More edits than this, or than half of the word, and another word was meant. */
const EDITS_MAX = 3;

/**
 * A word that begins another one (`detect`, `detect-within`) is that one cut short, if it has so many
 * letters.
 */
const PREFIX_MIN = 3;

/** @param legal not empty; the first of several that are equally near wins */
export function nearest(word: string, legal: readonly string[]): string {
  return ranked(word, legal)[0].candidate;
}

/** null when none is so near that it can be what was meant. Upper and lower case are the same here. */
export function meant(word: string, legal: readonly string[]): string | null {
  const [best] = ranked(word, legal);
  return best !== undefined && best.edits <= Math.min(EDITS_MAX, Math.floor(word.length / 2)) ? best.candidate : null;
}

function edits(word: string, candidate: string): number {
  return word.length >= PREFIX_MIN && candidate.startsWith(word) && candidate !== word ? 1 : distance(word, candidate);
}

function ranked(word: string, legal: readonly string[]): { candidate: string; edits: number }[] {
  const start = word.slice(0, COMPARED_CHARACTERS_MAX).toLowerCase();
  return legal.map((candidate) => ({ candidate, edits: edits(start, candidate.toLowerCase()) })).sort((a, b) => a.edits - b.edits);
}
