/** What a folder of compiled JavaScript asks Node for by name: packages, without modules of Node itself. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

const CALL = /\b(?:require|require\.resolve|import|resolve|createRequire\(__filename\))\(\s*(["'`])([^"'`$\n]+)\1\s*\)/g;

export function loadedPackages(folder: string): string[] {
  const files = globSync('**/*.js', { cwd: folder });
  const names = files.flatMap((file) => packagesIn(readFileSync(join(folder, file), 'utf8')));
  return [...new Set(names)].sort();
}

export function packagesIn(code: string): string[] {
  const ids = [...code.matchAll(CALL)].map(([, , id]) => id);
  return ids.filter((id) => !id.startsWith('.') && !isBuiltin(id)).map((id) => /^(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? id);
}
