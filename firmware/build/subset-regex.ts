/**
 * What of a regular expression Espruino's matcher (`src/jswrap_regexp.c`) does not know. It has characters, classes, `.`, `^`, `$`, greedy `*` and
 * `+` on one character, plain groups, and alternatives outside of groups; everything else it takes literally or gets wrong without a word.
 */

const FLAGS = /^[gim]*$/;

/** [what is wrong, what to write instead], or null. */
export function regexProblem(pattern: string, flags: string): [string, string] | null {
  if (!FLAGS.test(flags)) return [`regular expression flags ${flags}`, 'use only g and i'];
  // The engine's lexer ends the expression there.
  if (/\[[^\]]*\//.test(pattern.replace(/\\./g, 'x'))) return ['/ inside a class of a regular expression', 'write \\x2f'];
  // Escapes and classes first, so that what is left of them has no meaning of its own.
  const escapes = /\\([bB1-9kpPuc])/.exec(pattern.replace(/\[(?:\\.|[^\]\\])*\]/g, 'x'));
  if (escapes !== null) return [`\\${escapes[1]} in a regular expression`, 'match it in code'];
  const plain = pattern.replace(/\\x[0-9a-fA-F]{2}|\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (plain.includes('(?'))
    return ['a group with (? in a regular expression (lookahead, lookbehind, named, not captured)', 'use a plain group, or code'];
  if (/[*+?}]\?/.test(plain)) return ['a lazy quantifier', 'use a class that excludes the end, such as [^"]*'];
  if (plain.includes('?')) return ['the quantifier ? in a regular expression', 'test both forms'];
  if (/\{\d+(,\d*)?\}/.test(plain)) return ['a counted quantifier', 'repeat the character'];
  if (/\)[*+]/.test(plain)) return ['a repeated group', 'use split or a loop'];
  if (/\([^)]*\|/.test(plain)) return ['alternatives inside a group', 'use two expressions'];
  return null;
}
