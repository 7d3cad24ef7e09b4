/** What somebody means who gives `sim` a file, a folder or an address where a command or a flag stands. */
import { extname } from 'node:path';
import { shellQuote } from 'host/shell-quote';
import { isCaptureName, isFolder, isStudy } from './kind-of-file.ts';

const PLAYED: readonly string[] = ['.yaml', '.yml', '.jsonl'];
const APPS: readonly string[] = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** The command that is meant, as a sentence; null: the word is none of these. */
export function meantBy(word: string): string | null {
  const quoted = shellQuote(word);
  if (/^wss?:\/\//.test(word)) return `${word} is an address: npx tsx sim --relay ${quoted}`;
  if (isCaptureName(word)) return `${word} is a capture: npx tsx sim replay ${quoted}`;
  const kind = extname(word);
  if (APPS.includes(kind)) return `${word} is a program: npx tsx sim --firmware ${quoted}`;
  if (PLAYED.includes(kind))
    return kind !== '.jsonl' && isStudy(word)
      ? `${word} is a study: npx tsx sim sweep ${quoted}`
      : `${word} is ${name(kind)}: npx tsx sim replay ${quoted}`;
  return isFolder(word) ? `${word} is a folder: npx tsx sim replay ${quoted} plays the scenarios (.yaml) in it` : null;
}

function name(kind: string): string {
  return kind === '.jsonl' ? 'a recording' : 'a scenario';
}
