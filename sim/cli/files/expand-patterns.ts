/**
 * `scenarios/*.yaml`, for shells that leave such patterns to the command (cmd, PowerShell), and when they are
 * quoted.
 */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, sep } from 'node:path';
import { didYouMeanFile } from 'host/nearest-file';
import { UsageError } from 'host/user-error';

/** What a shell takes for a pattern, but for braces and parentheses, which names have as well. */
const PATTERN = /[*?[]|\{.*,.*\}/;

/** In the order of the words, each pattern's files by name. @throws UsageError for a pattern without any */
export async function expandPatterns(words: readonly string[]): Promise<string[]> {
  const isPattern = (word: string) => PATTERN.test(word) && !existsSync(word);
  if (!words.some(isPattern)) return [...words];
  const { globSync } = await import('tinyglobby');
  return words.flatMap((word) => {
    if (!isPattern(word)) return [word];
    const pattern = sep === '\\' ? word.replaceAll('\\', '/') : word;
    const found = globSync(pattern, { absolute: isAbsolute(word), expandDirectories: false, onlyFiles: false }).map((name) =>
      name.replace(/\/$/, ''),
    );
    if (found.length === 0) throw new UsageError(`${word}: no file is called so${nearPattern(word)}`);
    return found.sort();
  });
}

/** Of a pattern whose folder is misspelt. */
function nearPattern(word: string): string {
  const folder = dirname(word);
  return existsSync(folder) || PATTERN.test(folder) ? '' : didYouMeanFile(folder);
}
