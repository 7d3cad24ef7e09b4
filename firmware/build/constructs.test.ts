/**
 * What the checker and the check of types say of each construct of the table (testing/constructs). That the
 * table is right is for an engine to say.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Construct } from '../testing/constructs/construct.ts';
import { CONSTRUCTS } from '../testing/constructs/index.ts';
import { bodyOf } from '../testing/constructs/run.ts';
import { checkSubset } from './subset/subset.ts';
import { checkTypes } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'firmware-constructs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function sourceOf(construct: Construct): string {
  return `export function construct(done: (value: unknown) => void, id: (value: any) => any): unknown { ${bodyOf(construct)} }`;
}

describe.each(Object.entries(CONSTRUCTS))('of %s the checker', (_, constructs) => {
  const messages = (construct: Construct) =>
    checkSubset(sourceOf(construct), 'construct.ts')
      .map(({ message }) => message)
      .join('\n');

  it('finds what it must find, and says why', () => {
    const found = constructs.filter(({ verdict }) => verdict === 'found');
    expect(found.filter((construct) => !messages(construct).includes(construct.words)).map(({ code }) => code)).toEqual([]);
  });

  it('lets pass what is the same, and what cannot be seen', () => {
    const others = constructs.filter(({ verdict }) => verdict !== 'found');
    expect(others.map((construct) => ({ code: construct.code, says: messages(construct) })).filter(({ says }) => says !== '')).toEqual([]);
  });
});

it('types tell what only they can tell', async () => {
  const typed = Object.values(CONSTRUCTS)
    .flat()
    .filter(({ verdict }) => verdict === 'typed');
  expect(typed.length).toBeGreaterThan(10);
  const files = typed.map((construct, at) => {
    const file = join(folder, `construct-${at}.ts`);
    writeFileSync(file, sourceOf(construct));
    return file;
  });
  const { findings } = await checkTypes(files);
  const said = (at: number) =>
    findings
      .filter(({ file }) => basename(file) === `construct-${at}.ts`)
      .map(({ message }) => message)
      .join('\n');
  expect(typed.filter(({ words }, at) => !said(at).includes(words)).map(({ code }) => code)).toEqual([]);
});
