import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../measure/result.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const FLEET = ['--boards', '2', '--duration', '30s', '--device', 'ideal'];

const SCENARIO = 'version: 1\nname: tiny\nduration: 20s\nboards: { count: 2, device: ideal }\n';

/** A run of two boards and what it leaves. */
async function record(...flags: string[]) {
  const files = scratch();
  const folder = files.path('run');
  const run = await sim(...FLEET, '--no-report', '--out', folder, ...flags);
  const recording = join(folder, 'trace.jsonl');
  return { files, run, folder, recording, lines: readFileSync(recording, 'utf8').trimEnd().split('\n') };
}

describe('a run', () => {
  it('says what it does, nothing of progress that is over in a moment, and ends with the line that replays it', async () => {
    const { run, folder } = await record();
    expect(run.exitCode).toBe(0);
    expect(run.out).toMatch(/^Scenario "default", seed 1: 2 boards \(ideal\) run firmware\/apps\/sos\.ts for 30s of\nvirtual time/);
    expect(run.out).toContain('│ Availability ');
    expect(run.out).toContain(`Written to ${folder}/ (summary.json, trace.jsonl)\n`);
    expect(run.out).toMatch(/\nAgain: npx tsx sim --boards 2 --device ideal --duration 30s\n$/);
    expect(run.out.split('\n').every((line) => line.length <= 80 || line.startsWith('Written') || line.startsWith('Again'))).toBe(true);
    expect(run.err).toBe('');
  });

  it('leaves its summary, and nothing that is half written', async () => {
    const { folder, lines } = await record();
    expect(readdirSync(folder).sort()).toEqual(['summary.json', 'trace.jsonl']);
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
    expect(summary).toMatchObject({
      version: 1,
      scenario: 'default',
      boards: 2,
      virtual_ms: 30_000,
      replay: 'npx tsx sim --boards 2 --device ideal --duration 30s',
    });
    expect(JSON.parse(lines[lines.length - 1])).toEqual({ t: 30_000, event: 'run.end', trace_hash: summary.trace_hash });
  });

  it('prints its summary and nothing else with --json', async () => {
    const { run, folder } = await record('--json');
    expect(run.err).toBe('');
    expect(run.out).toBe(readFileSync(join(folder, 'summary.json'), 'utf8'));
  });

  it('prints its result only with --quiet, and traces nothing with --no-trace', async () => {
    const files = scratch();
    const run = await sim(...FLEET, '--quiet', '--no-trace', '--no-report', '--out', files.path('run'));
    expect(run.err).toBe('');
    expect(run.out).toMatch(/^HELD: /);
    expect(readdirSync(files.path('run'))).toEqual(['summary.json']);
  });

  it('writes more events at a finer level, and the same hash', async () => {
    const levels = await Promise.all(['state', 'message', 'packet'].map((level) => record('--quiet', '--trace', level)));
    const counts = levels.map(({ lines }) => lines.length);
    expect([...counts].sort((a, b) => a - b)).toEqual(counts);
    expect(new Set(counts).size).toBe(3);
    expect(new Set(levels.map(({ lines }) => JSON.parse(lines[lines.length - 1]).trace_hash)).size).toBe(1);
  });

  it('writes a report', async () => {
    const files = scratch();
    expect((await sim(...FLEET, '--quiet', '--out', files.path('run'))).exitCode).toBe(0);
    expect(readFileSync(files.path('run/report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });
});

describe('a recording that is replayed', () => {
  it('gives the same run again and leaves no files', async () => {
    const { recording, files, lines } = await record();
    const before = readdirSync(files.path(''));
    const { exitCode, out, err } = await sim('replay', recording, '--quiet');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).not.toContain('Written to');
    expect(readdirSync(files.path(''))).toEqual(before);
    const talk = (await sim('replay', recording)).out;
    expect(talk).toContain(`${recording} holds ${lines.length - 2} events. The run is compared with them.`);
    expect(talk).toContain('The run is the same as its recording.');
    expect(talk).toContain(`Again: npx tsx sim replay ${recording}\n`);
  });

  it('is compared at the level it was made with, and can be written elsewhere', async () => {
    const { recording, files, lines } = await record('--trace', 'packet');
    expect((await sim('replay', recording, '--quiet', '--no-report', '--out', files.path('again'))).exitCode).toBe(0);
    expect(readFileSync(files.path('again/trace.jsonl'), 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it('ends with exit code 4 where an event differs', async () => {
    const { recording, files, lines } = await record();
    const index = lines.findIndex((line) => line.includes('"ws.open"'));
    const changed = [...lines];
    changed[index] = lines[index].replace(/"t":\d+/, '"t":1');
    const { exitCode, err, out } = await sim('replay', files.write('changed.jsonl', `${changed.join('\n')}\n`), '--json');
    expect(exitCode).toBe(4);
    expect(err).toContain(`changed.jsonl:${index + 1}: the run differs from its recording`);
    expect(err).toContain(`  now       ${lines[index]}\n`);
    expect((JSON.parse(out) as Summary).trace_hash).toBe(JSON.parse(lines[lines.length - 1]).trace_hash);
    expect(existsSync(recording)).toBe(true);
  });

  it('says so when it was cut off, and is compared up to there', async () => {
    const { files, lines } = await record();
    const cut = files.write('cut.jsonl', `${lines.slice(0, 6).join('\n')}\n${lines[6].slice(0, -3)}`);
    const { exitCode, out } = await sim('replay', cut);
    expect(exitCode).toBe(0);
    expect(out).toContain(`${cut} was cut off after 5 events. The run is compared up to there.`);
  });

  it('is not compared when --set changes it', async () => {
    const { recording, files } = await record();
    const words = ['replay', recording, '--set', 'link.latency=5ms', '--no-report', '--out', files.path('other')];
    const { exitCode, out } = await sim(...words);
    expect(exitCode).toBe(0);
    expect(out).toContain('Its settings are changed by --set, so the run is not compared with it.');
    expect(out).toContain(`Again: npx tsx sim replay ${recording} --set link.latency=5ms\n`);
  });

  it.each([
    [['--trace', 'packet'], '--trace: a recording is compared at the level it was made with; expected no --trace for RECORDING'],
    [['--out', 'FOLDER'], '--out: FOLDER holds the recording itself; expected another folder'],
    [['--set', 'link.los=1'], '--set link.los=1: link.los: unknown key (did you mean "loss"?)'],
  ])('refuses %j', async (flags, message) => {
    const { recording, folder } = await record('--quiet');
    const fill = (text: string) => text.replace('RECORDING', recording).replace('FOLDER', folder);
    expect(await sim('replay', recording, '--quiet', ...flags.map(fill))).toEqual({ exitCode: 2, out: '', err: `${fill(message)}\n` });
  });

  it('with settings that are not legal is refused', async () => {
    const { files, lines } = await record('--quiet');
    const bad = files.write('bad.jsonl', lines.join('\n').replace('"count":2', '"count":0'));
    expect((await sim('replay', bad)).err).toBe(`${bad}:1: scenario.boards.count: expected a whole number from 1 to 10000, got 0\n`);
  });
});

describe('a scenario file that is replayed', () => {
  it('runs as it says, changed by --set', async () => {
    const files = scratch();
    const file = files.write('tiny.yaml', SCENARIO);
    const { exitCode, out } = await sim('replay', file, '--set', 'boards.count=1', '--json', '--no-report', '--out', files.path('run'));
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ scenario: 'tiny', boards: 1, replay: `npx tsx sim replay ${file} --set boards.count=1` });
  });

  it('ends with exit code 3 when a threshold failed', async () => {
    const files = scratch();
    const file = files.write('tiny.yaml', `${SCENARIO}thresholds: ["connects > 100"]\n`);
    const { exitCode, out } = await sim('replay', file, '--quiet', '--no-report', '--out', files.path('run'));
    expect(exitCode).toBe(3);
    expect(out).toContain('│ connects 2, wanted more than 100 ');
  });

  it('goes with others into one table, or one document', async () => {
    const files = scratch();
    const first = files.write('first.yaml', SCENARIO);
    const second = files.write('second.yaml', `${SCENARIO.replace('tiny', 'other')}thresholds: ["connects > 100"]\n`);
    const output = ['--no-report', '--out', files.path('runs')];
    const people = await sim('replay', first, second, '--quiet', ...output);
    expect(people.exitCode).toBe(3);
    expect(people.out).toMatch(/│ tiny +│.*│ ok +│\n│ other +│.*│ threshold │\n└/);
    const program = await sim('replay', first, second, '--json', ...output);
    const { runs } = JSON.parse(program.out) as { runs: Summary[] };
    expect(runs.map(({ scenario }) => scenario)).toEqual(['tiny', 'other']);
    expect(readdirSync(files.path('runs')).map((name) => name.replace(/-1-[0-9a-f]{8}$/, ''))).toEqual(['other', 'tiny']);
  });

  it('does not run when another file is wrong', async () => {
    const files = scratch();
    const good = files.write('good.yaml', SCENARIO);
    const bad = files.write('bad.yaml', `${SCENARIO}seed: x\n`);
    const { exitCode, out, err } = await sim('replay', good, bad, '--out', files.path('runs'));
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toBe(`${bad}:5:7: seed: expected a whole number from 0 to 4294967295, got "x"\n`);
    expect(existsSync(files.path('runs'))).toBe(false);
  });

  it('says which file names a firmware that is not there', async () => {
    const files = scratch();
    const file = files.write('x.yaml', 'version: 1\nboards: { firmware: none.ts }\n');
    expect((await sim('replay', file)).err).toBe(
      `${file}: boards.firmware: no such file: "${files.path('none.ts')}"; expected a module that exports a function app(hal, config)\n`,
    );
  });
});
