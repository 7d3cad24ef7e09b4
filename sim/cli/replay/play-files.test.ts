/** Many files of `replay`: whole folders, in threads. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../measure/result.ts';
import { sim } from '../testing/capture.ts';
import { type Scratch, scratch } from '../testing/scratch.ts';

const RUN = 'duration: 20s\nboards: { count: 2, device: ideal }\n';
const STUDY = `${RUN}sweep: { parameters: { link.loss: [0, 0.1] }, seeds: 1, metrics: [connects] }\n`;

/** A folder of three scenarios, one of them with TLS, and what else may lie there. */
function folderOf(files: Scratch): string {
  mkdirSync(files.path('all/deeper'), { recursive: true });
  files.write('all/c.yaml', `version: 1\nname: third\nlink: { loss: 0.2 }\n${RUN}`);
  files.write('all/a.yml', `version: 1\nname: first\ntls: encrypt\n${RUN}`);
  files.write('all/b.yaml', `version: 1\nname: second\n${RUN}thresholds: ["connects > 100"]\n`);
  files.write('all/study.yaml', `version: 1\nname: study\n${STUDY}`);
  files.write('all/README.md', 'no scenario');
  files.write('all/deeper/d.yaml', `version: 1\nname: deeper\n${RUN}`);
  return files.path('all');
}

function withoutTime({ wall_ms: _, ...summary }: Summary): Omit<Summary, 'wall_ms'> {
  return summary;
}

describe('a folder', () => {
  it('is played scenario by scenario in the order of their files, the same in threads as one after another', async () => {
    const files = scratch();
    const folder = folderOf(files);
    const play = async (workers: number) => {
      const out = files.path(`out-${workers}`);
      const { exitCode, out: json, err } = await sim('replay', folder, '--workers', String(workers), '--json', '--no-report', '--out', out);
      expect([exitCode, err]).toEqual([3, '']);
      const traces = readdirSync(out).map((name) => [name, readFileSync(`${out}/${name}/trace.jsonl`, 'utf8')]);
      return { runs: (JSON.parse(json) as { runs: Summary[] }).runs.map(withoutTime), traces };
    };
    const [one, two] = [await play(1), await play(2)];
    expect(one.runs.map(({ scenario }) => scenario)).toEqual(['first', 'second', 'third']);
    expect(two).toEqual(one);
  });

  it('says for people what it would have said one after another, and first how many there are', async () => {
    const files = scratch();
    const folder = folderOf(files);
    const say = async (workers: number) =>
      (await sim('replay', folder, '--workers', String(workers), '--no-report', '--out', files.path('out'))).out;
    const inThreads = await say(2);
    expect(inThreads).toMatch(/^3 runs, 2 at a time\.\n\nScenario "first"/);
    expect(inThreads.replace(/^3 runs.*\n\n/, '')).toBe(await say(1));
  });

  it('may lie beside files and recordings on one command line, and its mistakes are told with theirs', async () => {
    const files = scratch();
    const folder = folderOf(files);
    files.write('all/c.yaml', 'version: 1\nlink: { loss: 2 }\n');
    const { exitCode, out, err } = await sim('replay', folder, files.write('x.yaml', 'version: 1\nseed: x\n'), files.path('none.jsonl'));
    expect([exitCode, out]).toEqual([2, '']);
    expect(err.split('\n').map((line) => line.slice(0, line.indexOf(': ')))).toEqual([
      `${folder}/c.yaml:2:15`,
      `${files.path('x.yaml')}:2:7`,
      files.path('none.jsonl'),
      '',
    ]);
  });

  it.each([
    [{}, 'expected a scenario (.yaml), a recording (.jsonl) or a capture (.pcapng, .pcap)'],
    [{ 'trace.jsonl': '' }, 'expected the recording in it, FOLDER/trace.jsonl'],
    [{ 'grid.yaml': `version: 1\n${STUDY}` }, 'its studies are for sweep: npx tsx sim sweep FOLDER/grid.yaml'],
  ])('without scenarios (%j) is refused, with what is there', async (content, hint) => {
    const files = scratch();
    mkdirSync(files.path('none'));
    const folder = files.path('none');
    for (const [name, text] of Object.entries(content)) files.write(`none/${name}`, text);
    const { exitCode, err } = await sim('replay', folder);
    expect([exitCode, err]).toEqual([2, `${folder}: no scenario in this folder; ${hint.replace('FOLDER', folder)}\n`]);
  });
});

describe('a thread', () => {
  it('compares a recording, and says where it differs', async () => {
    const files = scratch();
    const scenario = files.write('s.yaml', `version: 1\nname: recorded\n${RUN}`);
    await sim('replay', scenario, '--quiet', '--no-report', '--out', files.path('run'));
    const recording = readFileSync(files.path('run/trace.jsonl'), 'utf8');
    const changed = files.write('changed.jsonl', recording.replace(/"t":[\d.]+(?=[^\n]*"ws\.open")/, '"t":1'));
    const { exitCode, out, err } = await sim('replay', files.path('run/trace.jsonl'), changed, '--workers', '2');
    expect(exitCode).toBe(4);
    expect(out).toContain('The run is the same as its recording.\n');
    expect(err).toMatch(/changed\.jsonl:\d+: the run differs from its recording at 1 ms/);
  });

  it('whose firmware does not come back says by which line, and goes on', async () => {
    const files = scratch();
    files.write('busy.ts', 'export function app(hal) { hal.clock.setTimeout(() => { for (;;); }, 1000); }\n');
    const good = files.write('good.yaml', `version: 1\nname: good\n${RUN}`);
    const bad = files.write('bad.yaml', `version: 1\nname: bad\n${RUN.replace('ideal', 'ideal, firmware: busy.ts')}`);
    const words = ['--workers', '2', '--quiet', '--no-report', '--no-trace', '--out', files.path('out')];
    const { exitCode, out, err } = await sim('replay', good, bad, ...words);
    expect([exitCode, err]).toEqual([4, '']);
    expect(out).toMatch(/^HELD: /);
    expect(out).toMatch(/FAILED: no-uncaught-error: .* threw "this handler does not come\s+back" \(busy\.ts:1\)/);
  });
});
