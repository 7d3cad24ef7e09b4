/** What only a process of its own can show: signals, pipes that close, and modules from outside. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Summary } from '../measure/result.ts';
import { scratch } from './testing/scratch.ts';

function start(...words: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/index.ts', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    err += bytes;
  });
  const ended = new Promise<{ exitCode: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, out, err }));
  });
  return { child, ended };
}

it('Ctrl-C ends a run with exit code 130, and what it has is written', async () => {
  const files = scratch();
  const { child, ended } = start('--boards', '200', '--duration', '720h', '--no-report', '--out', files.path('run'));
  // By the first trace of output the handler is in place.
  child.stdout.once('data', () => child.kill('SIGINT'));
  const { exitCode, out, err } = await ended;
  expect(err).toContain('Interrupted: writing the result so far.');
  expect(exitCode).toBe(130);
  expect(out).toContain('│ Interrupted ');
  expect(readdirSync(files.path('run')).sort()).toEqual(['summary.json', 'trace.jsonl']);
  const summary = JSON.parse(readFileSync(files.path('run/summary.json'), 'utf8')) as Summary;
  expect(summary).toMatchObject({ interrupted: true, boards: 200 });
  expect(readFileSync(files.path('run/trace.jsonl'), 'utf8')).not.toContain('run.end');
});

it('Ctrl-C ends the runs of several threads, and what each has is written', async () => {
  const files = scratch();
  const names = ['one', 'two'];
  const scenarios = names.map((name) => files.write(`${name}.yaml`, `version: 1\nname: ${name}\nduration: 720h\n`));
  const { child, ended } = start('replay', ...scenarios, '--workers', '2', '--no-report', '--no-trace', '--out', files.path('out'));
  child.stdout.once('data', () => child.kill('SIGINT'));
  const { exitCode, out } = await ended;
  expect(exitCode).toBe(130);
  expect(out.match(/^INTERRUPTED after /gm)).toHaveLength(2);
  expect(out).toMatch(/│ one +│.*│ stopped │\n│ two +│.*│ stopped │/);
  const summaries = readdirSync(files.path('out')).map((name) => readFileSync(files.path(`out/${name}/summary.json`), 'utf8'));
  expect(summaries.map((text) => (JSON.parse(text) as Summary).interrupted)).toEqual([true, true]);
});

it('a reader that stops reading does not stop the run', async () => {
  const files = scratch();
  const { child, ended } = start('--boards', '2', '--duration', '30s', '--no-report', '--out', files.path('run'));
  child.stdout.once('data', () => child.stdout.destroy());
  const { exitCode, err } = await ended;
  expect(exitCode).toBe(0);
  expect(err).not.toContain('EPIPE');
  expect(readdirSync(files.path('run')).sort()).toEqual(['summary.json', 'trace.jsonl']);
});

it('firmware outside the kit can use its packages', async () => {
  const files = scratch();
  const app = "import { createChannel } from 'firmware/channel';\nexport function app(hal, config) { createChannel(hal, config); }\n";
  const flags = ['--boards', '1', '--duration', '30s', '--json', '--no-report', '--no-trace', '--out', files.path('run')];
  const runs = ['app.ts', 'app.mts', 'app.js'].map((name) => start(...flags, '--firmware', files.write(name, app)).ended);
  for (const { exitCode, out, err } of await Promise.all(runs)) {
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect((JSON.parse(out) as Summary).metrics.connects).toBe(1);
  }
});

it('Ctrl-C ends a search with exit code 130, and says how far it came', async () => {
  const { child, ended } = start('fuzz', '--seeds', '1000000', '--workers', '1');
  child.stdout.once('data', () => child.kill('SIGINT'));
  const { exitCode, out, err } = await ended;
  expect(err).toContain('Interrupted: writing the result so far.');
  expect(exitCode).toBe(130);
  expect(out).toMatch(/\n\d+ cases?, and nothing broke\.\n$/);
});

it('a mistake on the command line is answered before the world is loaded', async () => {
  const files = scratch();
  const list = files.path('loaded');
  const hook = `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, Object.keys(require('module')._cache).join('\\n')))`;
  const words = ['--require', files.write('hook.cjs', hook), '--import', 'tsx', 'sim/index.ts', '--drop-rat', '0.1'];
  const child = spawn(process.execPath, words, { stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
  const loaded = readFileSync(list, 'utf8').split('\n');
  expect(loaded.some((file) => file.endsWith('sim/cli/main.ts'))).toBe(true);
  expect(loaded.filter((file) => /sim\/(world|run|report|measure\/collector|net\/tcp\/endpoint|relay-host)/.test(file))).toEqual([]);
});
