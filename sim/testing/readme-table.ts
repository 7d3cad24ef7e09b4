/** Tables of READMEs that are made from the code, between `<!-- name: … -->` and `<!-- /name -->`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** UPDATE_GOLDEN=1 rewrites the file. @param path from the kit's root */
export function expectTable(path: string, name: string, table: string): void {
  const file = new URL(`../../${path}`, import.meta.url);
  const [before, rest] = splitBehind(readFileSync(file, 'utf8'), new RegExp(`<!-- ${name}: .* -->\n`));
  const end = rest.indexOf(`<!-- /${name} -->`);
  expect(end).toBeGreaterThanOrEqual(0);
  const current = `${before}${table}\n${rest.slice(end)}`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, current);
  expect(readFileSync(file, 'utf8')).toBe(current);
}

function splitBehind(text: string, mark: RegExp): [before: string, rest: string] {
  const match = mark.exec(text);
  if (match === null) throw new Error(`no ${mark}`);
  const at = match.index + match[0].length;
  return [text.slice(0, at), text.slice(at)];
}
