import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellQuote } from './shell-quote.ts';

it('gives words back unchanged through a shell', () => {
  const words = ['plain-1.0,a=b', 'two words', "it's", '$HOME `x` "q" \\ !', '*', '', 'ä\n;'];
  const printed = execFileSync('sh', ['-c', `printf '%s|' ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
  expect(printed).toBe(words.map((word) => `${word}|`).join(''));
});
