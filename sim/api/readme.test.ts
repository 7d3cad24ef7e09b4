/** What README.md shows is right by its types, and runs, in a repository of somebody's own. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installKit, runIn } from '../cli/testing/own-repository.ts';
import { scratch } from '../cli/testing/scratch.ts';

const SLOW_MS = 120_000;
const TEMPLATE = 'sim/cli/init/template';

/** Blocks of code by their file, the others as tests of one file that has what they use. */
function filesOf(page: string): Record<string, string> {
  const [imports, ...blocks] = [...page.matchAll(/^```ts ?(\S*)\n(.*?)^```$/gms)].map(([, file, code]) => ({ file, code }));
  const tests = blocks.filter(({ file }) => file === '').map(({ code }, index) => `it('block ${index + 1}', async () => {\n${code}});\n`);
  const head = `${imports.code}import { expect, it } from 'vitest';\nimport { app } from './app.ts';\n`;
  return {
    'blocks.test.ts': head + tests.join(''),
    ...Object.fromEntries(blocks.filter(({ file }) => file !== '').map(({ file, code }) => [file, code])),
  };
}

it('holds', { timeout: SLOW_MS }, () => {
  const files = scratch();
  const shown = filesOf(readFileSync('sim/api/README.md', 'utf8'));
  expect(Object.keys(shown)).toEqual(['blocks.test.ts', 'app.test.ts']);
  for (const [file, code] of Object.entries(shown)) files.write(file, code);
  installKit(files.path('.'));
  for (const [name, file] of Object.entries({ 'app.ts': 'app.ts', 'tsconfig.json': 'project-tsconfig.json' }))
    cpSync(join(TEMPLATE, name === file ? name : file), files.path(name));
  files.write('outage.yaml', readFileSync(join(TEMPLATE, 'outage.yaml'), 'utf8').replace('../firmware/', './'));
  expect(runIn(files.path('.'), 'typescript/bin/tsc', '-p', '.', '--types', 'node')).toBe('');
  expect(runIn(files.path('.'), 'vitest/vitest.mjs', 'run', '--root', '.', '--testTimeout', String(SLOW_MS))).toMatch(/Tests +4 passed/);
});
