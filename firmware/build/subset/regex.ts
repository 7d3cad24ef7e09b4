/**
 * What of a regular expression Espruino's matcher (`src/jswrap_regexp.c`, `jslLexRegex`) does not know, or
 * gets wrong without a word. It has characters, classes, `^`, `$`, greedy `*` and `+` on one character, plain
 * groups side by side, and alternatives outside of groups.
 *
 * Its `+` tries what follows before it has taken a character, and takes the end of the text for a character
 * that a negated class matches. Whether one of that matters for a pattern is computed here.
 */

type Problem = [what: string, instead: string];

interface Token {
  text: string;
  kind: 'atom' | 'open' | 'close' | 'or' | 'start' | 'end';
  /** Of an atom. */
  quantifier: '' | '*' | '+';
}

const TOKEN = /\\x[0-9a-fA-F]{2}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?|\{\d+(?:,\d*)?\}|[\s\S]/g;
const KINDS: Record<string, Token['kind']> = { '(': 'open', ')': 'close', '|': 'or', '^': 'start', $: 'end' };
const GROUPS_MAX = 9;
/** What the matcher also finds where the text has ended. */
const MATCHES_END = /^(\.|\\[DSW]|\[\^.*\])$/s;
const CHARACTERS = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/** @param isLiteral false for the text that `RegExp` is given */
export function regexProblem(pattern: string, flags: string, isLiteral = true): Problem | null {
  if (flags.includes('m')) return ['the flag m does nothing', "split('\\n') and look at each line"];
  if (!/^[gi]*$/.test(flags)) return [`regular expression flags ${flags}`, 'use only g and i'];
  const raw = pattern.match(TOKEN) ?? [];
  const unknown = unknownForm(raw, isLiteral);
  if (unknown !== null) return unknown;
  const tokens = tokensOf(raw);
  return groupProblem(tokens) ?? alternativeProblem(tokens) ?? endProblem(pattern, flags, tokens) ?? plusProblem(tokens, flags);
}

function unknownForm(raw: readonly string[], isLiteral: boolean): Problem | null {
  for (const [at, token] of raw.entries()) {
    const next = raw[at + 1];
    if (/^\\[bB1-9kpPuc]/.test(token)) return [`${token.slice(0, 2)} in a regular expression`, 'match it in code'];
    if (token === '(?')
      return ['a group with (? in a regular expression (lookahead, lookbehind, named, not captured)', 'use a plain group, or code'];
    if (/^([*+?]|\{.+\})$/.test(token) && next === '?') return ['a lazy quantifier', 'use a class that excludes the end, such as [^"]*'];
    if (token === '?') return ['the quantifier ? in a regular expression', 'test both forms'];
    if (/^\{\d/.test(token)) return ['a counted quantifier', 'repeat the character'];
    if (token === ')' && /^[*+]$/.test(next ?? '')) return ['a repeated group', 'use split or a loop'];
    if (token === '.') return ['. matches the end of a line, too', 'use [^\\n]'];
    const inClass = /^\[\^?(.*)\]$/s.exec(token)?.[1].replace(/\\[\s\S]/g, '') ?? '';
    if (inClass.includes('[')) return ['[ in a class', 'write \\['];
    if (inClass.includes('/') && isLiteral) return ['/ in a class', 'write \\x2f'];
    if (/(.)-\1/.test(inClass)) return ['a range of one character in a class', 'name the character'];
    if (/\.-./.test(inClass)) return ['a range that begins with . in a class', 'name the characters'];
  }
  return null;
}

function tokensOf(raw: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (const text of raw) {
    const last = tokens.at(-1);
    if ((text === '*' || text === '+') && last !== undefined) last.quantifier = text;
    else tokens.push({ text, kind: KINDS[text] ?? 'atom', quantifier: '' });
  }
  return tokens;
}

function groupProblem(tokens: readonly Token[]): Problem | null {
  let isOpen = false;
  let groups = 0;
  for (const { kind } of tokens) {
    if (kind === 'open' && isOpen) return ['a group inside a group, which loses the text of both', 'use groups side by side'];
    if (kind === 'open' && ++groups > GROUPS_MAX) return [`more than ${GROUPS_MAX} groups`, 'use two expressions'];
    if (kind === 'or' && isOpen) return ['alternatives inside a group', 'use two expressions'];
    if (kind === 'open' || kind === 'close') isOpen = kind === 'open';
  }
  return null;
}

function alternativesOf(tokens: readonly Token[]): Token[][] {
  const alternatives: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'or') alternatives.push([]);
    else alternatives.at(-1)?.push(token);
  }
  return alternatives;
}

/** Away from the beginning of the text `^` fails for all that follows it, the other alternatives included. */
function alternativeProblem(tokens: readonly Token[]): Problem | null {
  const anchored = alternativesOf(tokens).map(([first]) => first?.kind === 'start');
  const first = anchored.indexOf(true);
  if (first >= 0 && anchored.lastIndexOf(false) > first) return ['an alternative with ^ before one without', 'put it last'];
  const isGrouped = tokens.some(({ kind }) => kind === 'or') && tokens.some(({ kind }) => kind === 'open');
  return isGrouped ? ['a group beside alternatives, which shifts or is empty instead of undefined', 'use two expressions'] : null;
}

/** It looks for a match at each character, and not behind the last. */
function endProblem(pattern: string, flags: string, tokens: readonly Token[]): Problem | null {
  const atoms = (alternative: readonly Token[]) => alternative.filter(({ kind }) => kind === 'atom');
  const lost = alternativesOf(tokens).some(
    (alternative) =>
      alternative.at(-1)?.kind === 'end' &&
      alternative[0].kind !== 'start' &&
      atoms(alternative).every(({ quantifier }) => quantifier === '*'),
  );
  if (lost && pattern !== '$') return ['what may be empty at the end of the text is not found there', 'use + for *, or ^ at the beginning'];
  const isPlain = tokens.every(({ kind, text, quantifier }, at) =>
    kind === 'end' ? at === tokens.length - 1 : kind === 'atom' && quantifier === '' && !/^(\[|\\[^.\\])/.test(text),
  );
  return isPlain && tokens.at(-1)?.kind === 'end' && flags.includes('g')
    ? ['the flag g with text and $: exec and test find the same end for ever', 'leave the g out']
    : null;
}

function plusProblem(tokens: readonly Token[], flags: string): Problem | null {
  for (const [at, token] of tokens.entries()) {
    if (token.quantifier === '+' && mayTakeNothing(token, tokens.slice(at + 1), flags)) {
      return [`${token.text}+ matches without any character here`, `write ${token.text}${token.text}*`];
    }
  }
  return null;
}

/**
 * Whether `token+` passes with no character taken: where what follows takes the same one, or at the end of
 * the text.
 */
function mayTakeNothing(token: Token, following: readonly Token[], flags: string): boolean {
  for (const { kind, text, quantifier } of following) {
    if (kind === 'or' || kind === 'end') break;
    if (kind !== 'atom' || quantifier === '*') continue;
    const [one, other] = [token.text, text].map((atom) => new RegExp(`^${atom}$`, flags.replace('g', '')));
    return CHARACTERS.some((character) => one.test(character) && other.test(character));
  }
  return MATCHES_END.test(token.text);
}
