import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RunFolder } from './output/run-folder.ts';
import { scratch } from './testing/scratch.ts';

/** Of a process that has ended. */
function pidOfTheDead(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

function put(folder: string, ...names: string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), 'half');
}

it('removes what killed runs left unfinished, in its folder and in those beside', () => {
  const runs = scratch().path('runs');
  const dead = pidOfTheDead();
  put(join(runs, 'mine'), `.trace.jsonl.${dead}.tmp`, `.report.html.${dead}.tmp`, 'trace.jsonl');
  put(join(runs, 'other'), `.trace.jsonl.${dead}.tmp`, 'summary.json');
  new RunFolder(join(runs, 'mine'));
  expect(readdirSync(join(runs, 'mine'))).toEqual(['trace.jsonl']);
  expect(readdirSync(join(runs, 'other'))).toEqual(['summary.json']);
});

it('leaves alone what a living process writes, and what is not the kit’s', () => {
  const runs = scratch().path('runs');
  const dead = pidOfTheDead();
  const others = [`.trace.jsonl.${process.ppid}.tmp`, `.notes.txt.${dead}.tmp`, `trace.jsonl.${dead}.tmp`, '.trace.jsonl.99999999999.tmp'];
  put(join(runs, 'other'), ...others);
  put(runs, `.trace.jsonl.${dead}.tmp`);
  new RunFolder(join(runs, 'mine'));
  expect(readdirSync(join(runs, 'other')).sort()).toEqual([...others].sort());
  expect(readdirSync(runs)).toContain(`.trace.jsonl.${dead}.tmp`);
});

it('finds the trace of a run that was killed at the start of the next', async () => {
  const runs = scratch().path('runs');
  const line = [
    '--import',
    'tsx',
    'sim/index.ts',
    '--boards',
    '200',
    '--duration',
    '10h',
    '--trace',
    'packet',
    '--out',
    join(runs, 'killed'),
  ];
  const child = spawn(process.execPath, line, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const left = `.trace.jsonl.${child.pid}.tmp`;
  await expect.poll(() => existsSync(join(runs, 'killed', left)), { timeout: 20_000 }).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(readdirSync(join(runs, 'killed'))).toEqual([left]);
  new RunFolder(join(runs, 'next'));
  expect(readdirSync(join(runs, 'killed'))).toEqual([]);
});
