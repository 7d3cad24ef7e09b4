/** What a relay recorded, through the command line. What is inferred from it is tested in sim/field. */
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../measure/result.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const HEADER = {
  format: 'squall-trace',
  version: 1,
  source: 'relay',
  epoch_ms: 1_700_000_000_000,
  relay: { ping_interval: '5s', ping_timeout: '5s', duplicate_id: 'reject', mode: 'broadcast' },
};
const EVENTS = [
  { t: 3_000, board: 'kitchen', event: 'ws.open', session: 1 },
  { t: 20_000, board: 'kitchen', event: 'relay.received', kind: 'text', bytes: 4 },
  { t: 35_000, board: 'kitchen', event: 'ws.close', session: 1, cause: 'ping_timeout', code: 1011 },
  { t: 50_000, board: 'kitchen', event: 'ws.open', session: 2 },
  { t: 60_000, event: 'relay.down', reason: 'shutdown' },
];
const textOf = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const OUTPUT = ['--no-report', '--no-trace'];

describe('the recording of a relay that is replayed', () => {
  it('is told and played', async () => {
    const files = scratch();
    const file = files.write('field.jsonl', textOf([HEADER, ...EVENTS]));
    const { exitCode, out } = await sim('replay', file, ...OUTPUT, '--out', files.path('run'));
    expect(exitCode).toBe(0);
    expect(out).toContain('board-1 is kitchen: ');
    expect(out.replaceAll('\n', ' ')).toMatch(
      /as a relay sees it, they are available for [\d.]+% of the time in this replay, and were for [\d.]+%/,
    );
    expect(out.replaceAll('\n', ' ')).toContain('At 20s packets vanish (all boards) for 28s.');
    expect(out).toContain(`Again: npx tsx sim replay ${file}\n`);
  });

  it('is told and played when its first line is cut off', async () => {
    const files = scratch();
    const file = files.write('field.jsonl', textOf([HEADER, ...EVENTS]).slice(10));
    const { exitCode, out } = await sim('replay', file, ...OUTPUT, '--out', files.path('run'));
    expect(exitCode).toBe(0);
    expect(out.replaceAll('\n', ' ')).toContain(
      'Its first line is cut off: when that was is not known, the relay has the default settings,',
    );
    expect(out).toContain('board-1 is kitchen: ');
  });

  it('is played before and after a change', async () => {
    const files = scratch();
    const file = files.write('field.jsonl', textOf([HEADER, ...EVENTS]));
    const words = ['replay', file, '--set', 'relay.ping_interval=20s', ...OUTPUT, '--out', files.path('runs')];
    const people = await sim(...words);
    expect(people.out).toContain('The same with relay.ping_interval=20s:\n');
    expect(people.out).toMatch(/│ field +│.*\n│ field --set +│/);
    const { runs } = JSON.parse((await sim(...words, '--json')).out) as { runs: Summary[] };
    expect(runs.map(({ replay }) => replay)).toEqual([
      `npx tsx sim replay ${file}`,
      `npx tsx sim replay ${file} --set relay.ping_interval=20s`,
    ]);
    expect(runs[0].trace_hash).not.toBe(runs[1].trace_hash);
  });

  it('with settings that are not legal, or nothing in it, is refused', async () => {
    const files = scratch();
    const bad = files.write('bad.jsonl', textOf([{ ...HEADER, relay: { mode: 'x' } }, ...EVENTS]));
    expect(await sim('replay', bad)).toEqual({
      exitCode: 2,
      out: '',
      err: `${bad}: relay.mode: expected one of broadcast, echo, got "x"\n`,
    });
    const empty = files.write('empty.jsonl', textOf([HEADER]));
    expect(await sim('replay', empty)).toMatchObject({
      exitCode: 2,
      err: `${empty}: no client had connected yet; there is nothing to play\n`,
    });
  });
});
