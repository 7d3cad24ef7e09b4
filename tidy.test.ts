/**
 * The house rules that no other tool checks (.ci/tidy/), held by every file of this repository; and each rule
 * can fail.
 */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crowdedFolders, looseFiles } from './.ci/tidy/folder-rules.ts';
import { isSource, readRepository } from './.ci/tidy/source-file.ts';
import { defaultExports, excessLength, forbiddenNames, hardPrivate, missingHead, wideComments } from './.ci/tidy/source-rules.ts';
import { textProblems } from './.ci/tidy/text-rules.ts';

const files = readRepository();
const sources = files.filter(isSource);

/** Files that are longer than the rules allow. The list only shrinks. */
const TOO_LONG: readonly string[] = [];

it('time and chance come through the HAL', () => {
  expect(sources.flatMap(forbiddenNames)).toEqual([]);
});

it('no file exports a default', () => {
  expect(sources.flatMap(defaultExports)).toEqual([]);
});

it('every file says at its head what it is', () => {
  expect(sources.flatMap(missingHead)).toEqual([]);
});

it('files and functions stay short, but for those that are listed and still too long', () => {
  const long = sources.filter((file) => excessLength(file).length > 0);
  expect(long.filter(({ path }) => !TOO_LONG.includes(path)).flatMap(excessLength)).toEqual([]);
  expect(TOO_LONG.filter((path) => !long.some((file) => file.path === path))).toEqual([]);
});

it('private members are written in one way', () => {
  expect(sources.flatMap(hardPrivate)).toEqual([]);
});

it('comments are wrapped', () => {
  expect(sources.flatMap(wideComments)).toEqual([]);
});

it('nothing lies loose in sim but its index', () => {
  expect(looseFiles(files.map(({ path }) => path))).toEqual([]);
});

it('no folder is crowded', () => {
  expect(crowdedFolders(files.map(({ path }) => path))).toEqual([]);
});

it('no file names a machine or the tools it was written with', () => {
  expect(files.flatMap(textProblems)).toEqual([]);
});

it.for(['hal', 'firmware', 'relay', 'sim', 'scenarios'])('%s says in a README what it is', (folder) => {
  expect(existsSync(`${folder}/README.md`)).toBe(true);
});

describe('forbidden names are found', () => {
  it.for([
    ['Date.now()', 'Date'],
    ['new Date()', 'Date'],
    ['const clock = { now: Date.now }', 'Date'],
    ['performance.now()', 'performance'],
    ['process.hrtime.bigint()', 'process.hrtime'],
    ["import { hrtime } from 'node:process'", 'process.hrtime'],
    ["import { performance } from 'node:perf_hooks'", 'node:perf_hooks'],
    ['setTimeout(run, 5)', 'setTimeout'],
    ['const later = setTimeout', 'setTimeout'],
    ['globalThis.setTimeout(run, 5)', 'setTimeout'],
    ["globalThis['setInterval'](run, 5)", 'setInterval'],
    ['setInterval(run, 5)', 'setInterval'],
    ['setImmediate(run)', 'setImmediate'],
    ["import { setTimeout } from 'node:timers/promises'", 'node:timers/promises'],
    ["import { setTimeout } from 'timers'", 'node:timers'],
    ['Math.random()', 'Math.random'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
    ['crypto.getRandomValues(bytes)', 'crypto.getRandomValues'],
    ["import { randomBytes } from 'node:crypto'", 'crypto.randomBytes'],
    ["import * as crypto from 'node:crypto'; crypto.randomInt(5)", 'crypto.randomInt'],
  ])('%s', ([text, name]) => {
    expect(forbiddenNames({ path: 'sim/net/a.ts', text })).toEqual([
      expect.stringMatching(`^sim/net/a.ts:1: ${name} is not for this file: (take|wait|draw) `),
    ]);
  });

  it.for([
    'clock.setTimeout(run, 5)',
    'const { setTimeout } = clock; setTimeout(run, 5)',
    'function f(performance: number) { return performance; }',
    'interface A { Date: string; setTimeout(run: () => void): void }',
    "const a = { Date: 1, setTimeout: clock.setTimeout }; a.Date; 'Math.random()'",
    'const crypto = hal.crypto; crypto.randomBytes',
    "import { createHash } from 'node:crypto'",
    'Math.max(1, 2) // Date.now()',
  ])('but not in %s', (text) => {
    expect(forbiddenNames({ path: 'sim/net/a.ts', text })).toEqual([]);
  });

  it('but not where the real clock comes in, nor in tests', () => {
    const paths = [
      'hal/node/a.ts',
      'hal/espruino/a.ts',
      'relay/cli/cli.ts',
      'relay/server/real-clock.ts',
      'sim/cli/a.ts',
      'sim/bench/bench.ts',
      'relay/a.test.ts',
    ];
    expect(paths.flatMap((path) => forbiddenNames({ path, text: 'setTimeout(run, Date.now())' }))).toEqual([]);
    expect(forbiddenNames({ path: 'sim/kernel/turn.ts', text: 'setImmediate(run); setTimeout(run, 5)' })).toHaveLength(1);
    expect(forbiddenNames({ path: 'sim/client.ts', text: 'Date.now()' })).toHaveLength(1);
  });
});

describe('the other rules can fail', () => {
  const path = 'sim/net/a.ts';

  it('a default export', () => {
    expect(defaultExports({ path, text: 'export default 5' })).toHaveLength(1);
  });

  it('a file without a head', () => {
    expect(missingHead({ path, text: "import './b.ts';\n/** late */" })).toHaveLength(1);
    expect(missingHead({ path, text: '/** A link. */\n' })).toEqual([]);
  });

  it('a long file, a long function', () => {
    expect(excessLength({ path, text: '\n'.repeat(400) })).toEqual([]);
    expect(excessLength({ path, text: '\n'.repeat(401) })).toHaveLength(1);
    expect(excessLength({ path, text: `const f = () => {${'\n'.repeat(79)}};` })).toEqual([]);
    expect(excessLength({ path, text: `class A { f() {${'\n'.repeat(80)}} }` })).toHaveLength(1);
  });

  it('a private member with #', () => {
    expect(hardPrivate({ path, text: 'class A { #a = 1; b() { return this.#a; } }' })).toHaveLength(2);
    expect(hardPrivate({ path, text: "class A { private a = '#a'; }" })).toEqual([]);
  });

  it('a comment that is wider than 110 columns', () => {
    const text = `// ${'word '.repeat(22)}`;
    expect(wideComments({ path, text })).toHaveLength(1);
    expect(wideComments({ path, text: `const a = 1; ${text}` })).toEqual([]);
    expect(wideComments({ path, text: `// ${'x'.repeat(120)}` })).toEqual([]);
  });

  it('a file that lies loose in sim', () => {
    expect(looseFiles(['sim/world.ts', 'sim/notes.md'])).toHaveLength(2);
    expect(looseFiles(['sim/index.ts', 'sim/README.md', 'sim/package.json', 'sim/world/world.ts', 'relay/relay.ts'])).toEqual([]);
  });

  it('a folder with more than 25 source files', () => {
    const folder = (count: number) => Array.from({ length: count }, (_, index) => `sim/net/${index}.ts`);
    expect(crowdedFolders(folder(26))).toEqual(['sim/net/: 26 source files beside each other, at most 25: group them by topic']);
    expect(crowdedFolders([...folder(25), 'sim/net/README.md', 'sim/net/rules/a.ts'])).toEqual([]);
  });

  it.for(['see /wo' + 'rk/main/a.ts', "open('/t" + "mp/x')", 'written with Clau' + 'de'])('%s', (text) => {
    expect(textProblems({ path: 'README.md', text: `fine\n${text}` })).toEqual([expect.stringMatching(/^README\.md:2: /)]);
  });

  it.for(['https://example.org/work/', 'net/work/link.ts', 'a frame/tmp/x'])('but not %s', (text) => {
    expect(textProblems({ path: 'README.md', text })).toEqual([]);
  });
});
