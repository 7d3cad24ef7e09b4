/** What README.md shows comes out so: its sessions are run from top to bottom in a copy of the kit. `UPDATE_GOLDEN=1 npx vitest run readme` writes down what comes out. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Terminal } from './.ci/readme/terminal.ts';
import { matches, readPage, shownOf, type Step } from './.ci/readme/transcript.ts';
import { scratchCopy } from './.ci/scratch-copy.ts';
import { freePort } from './relay/testing/free-port.ts';

const PAGE = 'README.md';
const INTERRUPTED = 130;

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
      const { lines } = await terminal.run(step);
      const isMatch = matches(step.expected, lines, step.goesOn);
      const shown = process.env.UPDATE_GOLDEN && !isMatch ? shownOf(step.expected, lines) : null;
      if (shown) updated.push({ step, lines: shown });
      else expect(isMatch ? step.expected : lines, step.command).toEqual(step.expected);
    }
    for (const exitCode of await terminal.interrupt()) expect([0, INTERRUPTED]).toContain(exitCode);
  });
});
