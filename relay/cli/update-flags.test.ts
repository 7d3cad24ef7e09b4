/** Whom `--update` and `--update-to` offer what. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from 'host/command-line';
import { expect, it, onTestFinished } from 'vitest';
import { UPDATE_IMAGE_MAX_BYTES } from '../updates/update-limits.ts';
import { UPDATE_FLAGS, updatesOf } from './update-flags.ts';

const COMMAND = { usage: 'relay', about: 'relay', flags: UPDATE_FLAGS, examples: [] };
const IDS = Array.from({ length: 400 }, (_, index) => `board-${index + 1}`);

function image(bytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'new.js'), 'x'.repeat(bytes));
  return join(folder, 'new.js');
}

/** Of IDS, those whom the command line offers something. */
async function offeredBy(...words: string[]): Promise<string[]> {
  const line = await readCommandLine(COMMAND, words);
  if (line.help !== null) throw new Error(line.help);
  const shelf = updatesOf(line.values, line.given);
  return IDS.filter((id) => shelf?.textFor(id));
}

it('nobody without --update, else all, some, or a share, of which a larger one has all', async () => {
  const update = ['--update', image(10)];
  expect(await offeredBy()).toEqual([]);
  expect(await offeredBy(...update)).toEqual(IDS);
  expect(await offeredBy(...update, '--update-to', 'board-7,board-9')).toEqual(['board-7', 'board-9']);
  const [tenth, half] = await Promise.all(['10%', '50%'].map((share) => offeredBy(...update, '--update-to', share)));
  expect(tenth.length / IDS.length).toBeCloseTo(0.1, 1);
  expect(half.length / IDS.length).toBeCloseTo(0.5, 1);
  expect(half).toEqual(expect.arrayContaining(tenth));
});

it.each([
  [['--update-to', '10%'], /--update-to: expected --update beside it/],
  [['--update', 'none/new.js'], /none\/new\.js: cannot be read: no such file/],
  [['--update', '/dev/zero'], /it is a device/],
  [['--update', 'package.json', '--update-to', '0%'], /--update-to: expected all, a share/],
  [['--update', 'package.json', '--update-to', 'a/b'], /--update-to: expected all, a share/],
])('%j is a mistake', async (words, says) => {
  await expect(offeredBy(...words)).rejects.toThrow(says);
});

it('a file that no board can hold is a mistake, and one that is empty', async () => {
  await expect(offeredBy('--update', image(UPDATE_IMAGE_MAX_BYTES + 1))).rejects.toThrow(/expected at most 65536/);
  await expect(offeredBy('--update', image(0))).rejects.toThrow(/the file is empty/);
  expect(await offeredBy('--update', image(UPDATE_IMAGE_MAX_BYTES))).toEqual(IDS);
});
