/**
 * Files by the names that people give them: patterns in quotes, and firmware that lies beside its scenario.
 */
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';
import { expandPatterns } from './expand-patterns.ts';

const LISTENER = "import { createChannel } from 'firmware/channel';\nexport function app(hal, config) { createChannel(hal, config); }\n";
const THROWER = 'export function app() { throw new Error("the wrong one"); }\n';

describe('a pattern in quotes', () => {
  it('stands for its files, in the order of their names, and other words for themselves', async () => {
    const files = scratch();
    for (const name of ['b.yaml', 'a.yaml', 'c.jsonl', '[odd].yaml']) files.write(name, '');
    const found = await expandPatterns(['first', files.path('[ab].yaml'), files.path('*.jsonl'), files.path('[odd].yaml')]);
    expect(found).toEqual(['first', ...['a.yaml', 'b.yaml', 'c.jsonl', '[odd].yaml'].map(files.path)]);
    expect(await expandPatterns([files.path('{b,a}.yaml')])).toEqual(['a.yaml', 'b.yaml'].map(files.path));
  });

  it('is played by replay, whatever the shell', async () => {
    const files = scratch();
    for (const name of ['one', 'two']) files.write(`${name}.yaml`, `version: 1\nname: ${name}\nduration: 5s\nboards: { count: 1 }\n`);
    const { exitCode, out } = await sim('replay', files.path('*.yaml'), '--json', '--no-report', '--no-trace', '--out', files.path('out'));
    expect(exitCode).toBe(0);
    expect((JSON.parse(out) as { runs: { scenario: string }[] }).runs.map(({ scenario }) => scenario)).toEqual(['one', 'two']);
  });
});

describe('firmware of a scenario', () => {
  const scenario = (firmware: string) =>
    `version: 1\nname: own\nduration: 5s\nboards: { count: 1, firmware: ${firmware}, boot_spread: 0s }\n`;
  const quietly = (out: string) => ['--no-report', '--no-trace', '--json', '--out', out];

  it('is looked for beside the file', async () => {
    const files = scratch();
    mkdirSync(files.path('deep'));
    files.write('deep/app.ts', LISTENER);
    files.write('app.ts', THROWER);
    const beside = await sim('replay', files.write('deep/own.yaml', scenario('app.ts')), ...quietly(files.path('out')));
    expect(beside).toMatchObject({ exitCode: 0, err: '' });
    expect(JSON.parse(beside.out).metrics.board_errors).toBe(0);
    const above = await sim('replay', files.write('deep/own.yaml', scenario('../app.ts')), ...quietly(files.path('out')));
    expect(above.exitCode).toBe(4);
  });

  it("may be the kit's own, by its name there", async () => {
    const files = scratch();
    const { exitCode } = await sim('replay', files.write('own.yaml', scenario('firmware/apps/button.ts')), ...quietly(files.path('out')));
    expect(exitCode).toBe(0);
  });

  it('that is not there is named where it was looked for, with the one that was meant', async () => {
    const files = scratch();
    files.write('my-app.ts', LISTENER);
    const { exitCode, err } = await sim('replay', files.write('own.yaml', scenario('my-ap.ts')));
    expect(exitCode).toBe(2);
    expect(err).toContain(`boards.firmware: no such file: "${files.path('my-ap.ts')}"; did you mean ${files.path('my-app.ts')}?`);
  });

  it('given by --set is looked for where the command is typed', async () => {
    const files = scratch();
    files.write('firmware.ts', THROWER);
    const file = files.write('own.yaml', scenario('firmware.ts'));
    const changed = await sim('replay', file, '--set', 'boards.firmware=firmware/apps/button.ts', ...quietly(files.path('out')));
    expect(changed.exitCode).toBe(0);
  });

  it('is found by studies as well, as a parameter too, and by tunings from their own folder', async () => {
    const files = scratch();
    mkdirSync(files.path('deep'));
    files.write('deep/app.ts', LISTENER);
    const grid = 'sweep: { parameters: { boards.firmware: [app.ts], relay.ping_interval: [2s, 3s] }, seeds: 1, metrics: [connects] }\n';
    const study = files.write('deep/study.yaml', scenario('app.ts') + grid);
    const swept = await sim('sweep', study, '--workers', '1', '--json', '--no-report', '--out', files.path('swept'));
    expect(swept).toMatchObject({ exitCode: 0, err: '' });
    const world = files.write('deep/world.yaml', scenario('app.ts'));
    const goal = ['--goal', 'connects >= 1', '--minimize', 'keepalive_bytes', '--seeds', '3', '--workers', '1', '--no-report', '--quiet'];
    const tuned = await sim('tune', '--scenario', world, ...goal, '--vary', 'relay.ping_interval=2s,3s', '--out', files.path('tuned'));
    expect(tuned.err).toBe('');
    const again = await sim(
      'sweep',
      files.path('tuned/study.yaml'),
      '--workers',
      '1',
      '--json',
      '--no-report',
      '--out',
      files.path('again'),
    );
    expect(again).toMatchObject({ exitCode: 0, err: '' });
  });

  it('is named in a scenario that fuzz writes as that file sees it', async () => {
    const files = scratch();
    files.write('app.ts', THROWER);
    const base = files.write('base.yaml', `${scenario('app.ts')}`);
    const { exitCode, out } = await sim(
      'fuzz',
      '--scenario',
      base,
      // The first that runs long enough for the board to boot.
      '--seeds',
      '3',
      '--workers',
      '1',
      '--json',
      '--out',
      files.path('found'),
    );
    expect(exitCode).toBe(4);
    const [{ file }] = (JSON.parse(out) as { findings: { file: string }[] }).findings;
    const played = await sim('replay', file, ...quietly(files.path('out')));
    expect(played.exitCode).toBe(4);
  });
});

it('a scenario with the keys of config.json is told what they are here', async () => {
  const files = scratch();
  const file = files.write('b.yaml', 'version: 1\nboards: { backoff: { min_ms: 2500 } }\nlink: { loss: 10%, latency: 20 }\n');
  const { err } = await sim('replay', file);
  expect(err.split('\n')).toEqual([
    `${file}:2:22: boards.backoff.min_ms: unknown key (here it is min: 2500ms; min_ms is config.json's)`,
    `${file}:3:15: link.loss: expected a number from 0 to 1 (10 % is 0.1), got "10%" (did you mean 0.1?)`,
    expect.stringContaining(
      'link.latency: expected a duration with its unit (500ms, 20s, 10m, 1h) from 0s to 1m, got 20 (did you mean 20ms?)',
    ),
    '',
  ]);
});
