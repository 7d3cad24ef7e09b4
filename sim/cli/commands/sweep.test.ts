import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../study/sweep/study.ts';
import { TrialLog } from '../../study/sweep/trial-log.ts';
import { sim } from '../testing/capture.ts';
import { type Scratch, scratch } from '../testing/scratch.ts';

const STUDY = `version: 1
name: tiny
duration: 20s
boards: { count: 2, device: ideal, boot_spread: 2s }
link: { jitter: 5ms }
sweep:
  parameters: { link.loss: [0, 0.2], relay.ping_interval: [5s, 10s] }
  seeds: 2
  metrics: [connects, tcp_retransmits, "mean(message_latency_ms)"]
`;

/** A study that is run already, with two workers. */
async function swept(files: Scratch, ...words: string[]) {
  const file = files.write('tiny.yaml', STUDY);
  const sweep = (...more: string[]) => sim('sweep', file, '--out', files.path('out'), ...more);
  const said = await sweep('--workers', '2', ...words);
  return { file, sweep, said, csv: readFileSync(files.path('out/cells.csv'), 'utf8'), log: files.path('out/cells.jsonl') };
}

describe('a sweep', () => {
  it('tells every cell with its interval, in a table, as CSV and as JSON, and leaves a report', async () => {
    const files = scratch();
    const { said, csv, file } = await swept(files);
    expect(said.exitCode).toBe(0);
    expect(said.out).toMatch(/link\.loss \(2\) × relay\.ping_interval \(2\) = 4 cells, each with 2\s+seeds from 1 on: 8/);
    expect(said.out).toContain(`Again: npx tsx sim sweep ${file} --out ${files.path('out')}\n`);
    const rows = csv.trimEnd().split('\r\n');
    expect(rows).toHaveLength(5);
    expect(rows[1]).toMatch(/^0,5s,2,2,2,0,0,0,\d+\.\d+,-?\d+\.\d+,\d+\.\d+$/);
    const page = readFileSync(files.path('out/report.html'), 'utf8');
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).toContain('The same in every cell');
    expect(page).not.toMatch(/NaN|undefined|https?:\/\/(?!www\.w3\.org)/);
  });

  it('gives the same table with one worker as with two, and with --json nothing else', async () => {
    const files = scratch();
    const { csv, file } = await swept(files);
    const { out, err } = await sim('sweep', file, '--out', files.path('one'), '--workers', '1', '--json', '--no-report');
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(files.path('one/cells.json'), 'utf8')));
    expect(readFileSync(files.path('one/cells.csv'), 'utf8')).toBe(csv);
    expect(existsSync(files.path('one/report.html'))).toBe(false);
  });

  it('runs again only what a crash cut off, and comes to the same table', async () => {
    const files = scratch();
    const { sweep, csv, log } = await swept(files);
    truncateSync(log, readFileSync(log).length - 5);
    const { out, err } = await sweep();
    expect(out).toContain('7 of them were finished before.');
    expect(err).toBe('');
    expect(readFileSync(files.path('out/cells.csv'), 'utf8')).toBe(csv);
  });

  it('in shards, merged, comes to the same table, byte for byte, and a shard says what to do next', async () => {
    const files = scratch();
    const { file, csv } = await swept(files);
    const parts: string[] = [];
    for (const number of [1, 2, 3]) {
      parts.push(files.path(`part-${number}`));
      const said = await sim('sweep', file, '--shard', `${number}/3`, '--out', parts[number - 1]);
      expect([said.exitCode, said.err]).toEqual([0, '']);
      expect(said.out).toMatch(new RegExp(`of\\s+them\\s+shard\\s+${number}\\s+of\\s+3,\\s+${number === 3 ? 2 : 3}\\s+runs`));
      expect(said.out).toMatch(/npx tsx sim\s+sweep merge DIR…/);
      expect(existsSync(`${parts[number - 1]}/cells.csv`)).toBe(false);
    }
    const logs = parts.map((part) => readFileSync(`${part}/cells.jsonl`, 'utf8'));
    const merged = await sim('sweep', 'merge', ...parts, '--out', files.path('out'), '--json');
    expect([merged.exitCode, merged.err]).toEqual([0, '']);
    expect(readFileSync(files.path('out/cells.csv'), 'utf8')).toBe(csv);
    const elsewhere = await sim('sweep', 'merge', parts[2], parts[0], parts[1], parts[0], '--out', files.path('new'));
    expect(elsewhere.exitCode).toBe(0);
    expect(readFileSync(files.path('new/cells.csv'), 'utf8')).toBe(csv);
    expect(parts.map((part) => readFileSync(`${part}/cells.jsonl`, 'utf8'))).toEqual(logs);

    const missing = await sim('sweep', 'merge', parts[0], parts[2], '--out', files.path('half'));
    expect([missing.exitCode, missing.err]).toEqual([2, expect.stringContaining('5 of 8 runs')]);
    expect(existsSync(files.path('half'))).toBe(false);
    writeFileSync(file, STUDY.replace('0.2', '0.3'));
    const changed = await sim('sweep', 'merge', ...parts, '--out', files.path('half'));
    expect(changed.err).toBe(`${parts[0]}/cells.jsonl: holds the cells of another study: ${file} is another now\n`);
  });

  it('refuses the folder of a study that has changed', async () => {
    const files = scratch();
    const { sweep, file } = await swept(files);
    writeFileSync(file, STUDY.replace('0.2', '0.3'));
    const { exitCode, err } = await sweep();
    expect(exitCode).toBe(2);
    expect(err).toContain('holds the cells of another study: this one has changed since; expected another --out, or the folder removed');
  });

  it('ends with 4 when a check broke, with 3 when a threshold was missed, and says in how many runs', async () => {
    const files = scratch();
    const study = STUDY.replace('sweep:', 'thresholds: ["connects > 99"]\nsweep:').replace('[0, 0.2]', '[0]').replace('[5s, 10s]', '[5s]');
    const missed = await sim('sweep', files.write('m.yaml', study), '--out', files.path('m'), '--quiet');
    expect([missed.exitCode, missed.err]).toEqual([3, '']);
    expect(missed.out).toMatch(/^FAILED: connects > 99 in 2 of 2 runs\.\n/);
    const disappointed = study.replace('thresholds', 'steps: [{ at: 1ms, expect: channel.open }]\nthresholds');
    const broken = await sim('sweep', files.write('b.yaml', disappointed), '--out', files.path('b'), '--quiet');
    expect(broken.exitCode).toBe(4);
    expect(broken.out).toMatch(/^FAILED: expect .* in 2 of 2 runs\. And 1 more failed\.\n/s);
  });

  it('plays TLS in its worker threads, where nothing can be imported on demand', async () => {
    const files = scratch();
    const study = STUDY.replace('duration: 20s', 'duration: 20s\ntls: encrypt').replace('[0, 0.2]', '[0]').replace('[5s, 10s]', '[5s]');
    const { exitCode, err } = await sim('sweep', files.write('t.yaml', study), '--out', files.path('t'), '--quiet', '--no-report');
    expect([exitCode, err]).toEqual([0, '']);
  });

  it('refuses a firmware that cannot be loaded before anything runs', async () => {
    const files = scratch();
    const firmware = files.write('app.ts', 'export const other = 1;');
    const file = files.write('a.yaml', STUDY.replace('device: ideal', `device: ideal, firmware: ${firmware}`));
    const { exitCode, err } = await sim('sweep', file, '--out', files.path('out'));
    expect([exitCode, err]).toEqual([2, expect.stringContaining('app.ts: it has no export called app')]);
    expect(existsSync(files.path('out'))).toBe(false);
  });

  it.for([
    [['sweep'], 'sweep: expected one FILE, a scenario with a sweep: key (.yaml)'],
    [['sweep', 'nothing.yaml'], 'nothing.yaml: cannot be read'],
    [['sweep', 'scenarios/smoke.yaml'], 'scenarios/smoke.yaml: not a study'],
    [['sweep', 'a.yaml', '--workers', '0'], '--workers: expected a whole number from 1 to 256, got "0"'],
    [['sweep', 'a.yaml', '--shard', '9/8'], '--shard: expected a number and how many there are, 2/8, at most 1000, got "9/8"'],
    [['sweep', 'merge'], 'sweep merge: expected DIR…'],
    [['sweep', 'merge', 'nowhere'], 'nowhere/cells.jsonl: cannot be read: no such file or directory'],
    [['sweep', 'merge', 'scenarios', '--workers', '2'], 'unknown flag --workers'],
    [['sweep', 'a.yaml', '--seeds', 'x'], '--seeds: expected a whole number from 1 to 10000, got "x"'],
    [['replay', 'scenarios/studies/backoff-herd.yaml'], 'sweep: expected no grid here: npx tsx sim sweep runs this study'],
  ] as const)('%s is refused', async ([words, message]) => {
    const { exitCode, err } = await sim(...words);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});

describe('the log of finished runs', () => {
  const { study } = loadStudy('tiny.yaml', STUDY, null, null);
  if (study === null) throw new Error('not legal');
  const trials = study.cells.flatMap((_, cell) => study.seeds.map((seed) => ({ cell, seed })));
  const resultOf = ({ cell, seed }: { cell: number; seed: number }) => ({ values: [cell, seed, null], broken: ['ä'], missed: [] });

  it('cut at any byte gives back every whole line, and is whole again when the rest was added', () => {
    const files = scratch();
    const path = files.path('log');
    const whole = new TrialLog(path, study);
    for (const trial of trials) whole.append(trial, resultOf(trial));
    whole.close();
    const bytes = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(bytes.length), (cut) => {
        writeFileSync(path, bytes.subarray(0, cut));
        const log = new TrialLog(path, study);
        const lines = bytes.subarray(0, cut).toString('latin1').split('\n').length - 1;
        expect(log.size).toBe(Math.max(lines - 1, 0));
        for (const trial of trials) if (!log.has(trial)) log.append(trial, resultOf(trial));
        expect(trials.map((trial) => log.get(trial))).toEqual(trials.map(resultOf));
        log.close();
        expect(readFileSync(path)).toEqual(bytes);
      }),
    );
  });

  it.for([
    ['not JSON', '{"cell":0,'],
    ['a cell that the study does not have', '{"cell":4,"seed":1,"values":[1,2,3],"broken":[],"missed":[]}'],
    ['a seed that the study does not have', '{"cell":0,"seed":3,"values":[1,2,3],"broken":[],"missed":[]}'],
    ['too few values', '{"cell":0,"seed":1,"values":[1,2],"broken":[],"missed":[]}'],
    ['null', 'null'],
  ] as const)('is refused when a whole line is %s', ([, line]) => {
    const path = scratch().path('log');
    new TrialLog(path, study).close();
    appendFileSync(path, `${line}\n`);
    expect(() => new TrialLog(path, study)).toThrow(`${path}:2: not a finished run of this study`);
  });

  it('leaves a file alone that is something else', () => {
    const path = scratch().write('log', 'my notes');
    expect(() => new TrialLog(path, study)).toThrow('holds no cells of a study');
    expect(readFileSync(path, 'utf8')).toBe('my notes');
  });
});
