/**
 * What README.md shows comes out so: its sessions are run from top to bottom in a copy of the kit.
 * `UPDATE_GOLDEN=1 npx vitest run readme` writes down what comes out.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Terminal } from './.ci/readme/terminal.ts';
import { matches, readPage, type Step, shownOf } from './.ci/readme/transcript.ts';
import { scratchCopy } from './.ci/scratch-copy.ts';
import { freePort } from './relay/testing/free-port.ts';

const PAGE = 'README.md';
/** A slow computer is told how far it is: `  4 min 3 s of 10 min, 14 s left · 50 of 50 online · 0 reconnects`. */
const PROGRESS = /^ {2}\d.* of .* · \d/;

const text = readFileSync(PAGE, 'utf8');
const { files, sections } = readPage(text);
const updated: { step: Step; lines: string[] }[] = [];
let copy = '';
let terminal: Terminal;

beforeAll(async () => {
  copy = scratchCopy();
  terminal = new Terminal(copy, await freePort());
  for (const [file, body] of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), body);
  }
});

afterAll(async () => {
  await terminal.interrupt();
  rmSync(copy, { recursive: true, force: true });
  if (updated.length === 0) return;
  const lines = text.split('\n');
  for (const { step, lines: shown } of updated.reverse()) lines.splice(step.from, step.to - step.from, ...shown);
  writeFileSync(PAGE, lines.join('\n'));
});

describe('the README', { timeout: 300_000 }, () => {
  it.each(sections)('$title', async ({ steps }) => {
    for (const step of steps) {
      const { lines: printed, exitCode } = await terminal.run(step);
      const lines = printed.filter((line) => !PROGRESS.test(line));
      if (step.mustSucceed) expect(exitCode, `${step.command}\n${lines.join('\n')}`).toBe(0);
      const isMatch = matches(step.expected, lines, step.goesOn);
      const shown = process.env.UPDATE_GOLDEN && !isMatch ? shownOf(step.expected, lines) : null;
      if (shown) updated.push({ step, lines: shown });
      else expect(isMatch ? step.expected : lines, step.command).toEqual(step.expected);
    }
    expect(await terminal.interrupt()).toBe(true);
  });
});

describe('a session at a terminal', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['a'], false],
    [['a'], ['a', 'b'], false],
    [['a', '...', 'd'], ['a', 'b', 'c', 'd'], true],
    [['a', '...', 'd'], ['a', 'b', 'c'], false],
    [['...', 'b', '...'], ['a', 'b'], true],
    [['took … ms (of 3)'], ['took 12 ms (of 3)'], true],
    [['took … ms (of 3)'], ['took 12 ms (of 4)'], false],
  ])('%j shows %j: %s', (expected, actual, isShown) => {
    expect(matches(expected, actual)).toBe(isShown);
  });

  it('is read with its files, its continued lines and where it is interrupted', () => {
    const { files, sections } = readPage('## One\n```ts a.ts\nx\n```\n```console\n$ cat \\\n    a.ts\nx\n$ relay\nup\n^C\n```\n');
    expect(files.get('a.ts')).toBe('x\n');
    expect(sections).toMatchObject([
      {
        title: 'One',
        steps: [
          { command: 'cat a.ts', expected: ['x'], goesOn: false },
          { command: 'relay', expected: ['up'], goesOn: true },
        ],
      },
    ]);
  });
});
