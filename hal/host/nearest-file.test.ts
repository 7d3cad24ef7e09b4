import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nearestFile } from './nearest-file.ts';

const root = mkdtempSync(join(tmpdir(), 'squall-nearest-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
for (const file of ['scenarios/half-open.yaml', 'scenarios/half-open.txt', 'scenarios/roaming.yaml', 'my-app.ts']) {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), '');
}
const near = (path: string, folders: string[] = []) =>
  nearestFile(
    join(root, path),
    folders.map((folder) => join(root, folder)),
  )?.slice(root.length + 1) ?? null;

describe('the file that may have been meant', () => {
  it.each([
    ['scenarios/half-opn.yaml', 'scenarios/half-open.yaml'],
    ['scenarios/half-open', 'scenarios/half-open.txt'],
    ['scenarios/roaming', 'scenarios/roaming.yaml'],
    ['scenarois/roaming.yaml', 'scenarios/roaming.yaml'],
    ['scenarois/romaing.yaml', 'scenarios/roaming.yaml'],
    ['my-ap.ts', 'my-app.ts'],
    ['scenarios/something-else.yaml', null],
    ['nowhere/at/all.yaml', null],
    ['my-app.yaml', null],
    ['no-pp.ts', null],
  ])('by %s is %s', (path, expected) => {
    expect(near(path)).toBe(expected);
  });

  it('may lie in a folder that a command is used with', () => {
    expect(near('half-open.yaml')).toBeNull();
    expect(near('half-open.yaml', ['scenarios'])).toBe('scenarios/half-open.yaml');
  });
});
