/** `sim replay --until`, and `--inspect` where nobody can start a debugger. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const SCENARIO = 'version: 1\nname: short\nduration: 40s\nair: private\nboards: { count: 1, device: ideal, boot_spread: 0s }\n';

describe('a run that is stopped', () => {
  it('is summarised up to there, and leaves no recording', async () => {
    const files = scratch();
    const file = files.write('short.yaml', SCENARIO);
    const { exitCode, out } = await sim('replay', file, '--until', '20s', '--out', files.path('out'));
    expect(exitCode).toBe(0);
    expect(out).toContain('Stopped at 20s of 40s: what follows is of this part.');
    expect(out).toContain(`Again: npx tsx sim replay ${file} --until 20s`);
    expect(existsSync(files.path('out/summary.json'))).toBe(true);
    expect(existsSync(files.path('out/trace.jsonl'))).toBe(false);
  });

  it('is looked at, and goes on where no debugger can come', async () => {
    const file = scratch().write('short.yaml', SCENARIO);
    const { exitCode, out, err } = await sim('replay', file, '--until', '20s', '--inspect');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/Recv-Q {2}Send-Q .*\n +\d+ +\d+ +\d+ {2}board-1:1 {2}relay +ESTABLISHED /);
    expect(out).toMatch(/^board-1 open for \d+(\.\d+)? s$/m);
  });

  it('prints one document with --json, and the table beside it', async () => {
    const file = scratch().write('short.yaml', SCENARIO);
    const { out, err } = await sim('replay', file, '--until', '20s', '--inspect', '--json');
    expect(JSON.parse(out)).toMatchObject({ virtual_ms: 20_000 });
    expect(err).toContain('board-1 open for');
  });

  it('is not compared with its recording', async () => {
    const files = scratch();
    await sim('replay', files.write('short.yaml', SCENARIO), '--out', files.path('run'));
    const { exitCode, out } = await sim('replay', files.path('run/trace.jsonl'), '--until', '20s');
    expect(exitCode).toBe(0);
    expect(out).toContain('The run is stopped before its end, so it is not compared with it.');
  });

  it.each([
    [['--until', '41s'], 'lasts 40s; expected a time within it'],
    [['--inspect'], '--inspect needs --until'],
    [['--until', '20s', '--live'], '--until contradicts --live'],
  ])('refuses %j', async (words, complaint) => {
    const file = scratch().write('short.yaml', SCENARIO);
    expect(await sim('replay', file, ...words)).toMatchObject({ exitCode: 2, err: expect.stringContaining(complaint) });
  });
});
