/** `sim why`: questions, what is refused, and one answer from end to end. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';

const SCENARIO = `version: 1
name: away
duration: 20s
air: private
boards: { count: 1, device: ideal, boot_spread: 0s }
steps: [{ at: 8s, action: relay.stop, for: 10s }]
`;

describe('why', () => {
  it('answers from the folder of a run, by the command that the run has printed', async () => {
    const files = scratch();
    const file = files.write('away.yaml', `${SCENARIO}thresholds: [disconnects == 0]\n`);
    const run = await sim('replay', file, '--out', files.path('run'));
    const [, command] = /^Why: npx tsx sim (.*)$/m.exec(run.out) ?? [];
    expect(command).toBe(`why ${file} --threshold 'disconnects == 0'`);
    expect(readFileSync(files.path('run/report.html'), 'utf8')).toContain(`npx tsx sim why ${file}`);

    const out = files.path('why');
    const asked = ['why', files.path('run'), '--threshold', 'disconnects == 0', '--seeds', '4', '--workers', '1', '--out', out];
    const { exitCode, out: text, err } = await sim(...asked, '--quiet');
    expect([exitCode, err]).toEqual([0, '']);
    expect(text).toContain('no moment decided it');
    expect(text).toMatch(/Without step 1 \(relay\.stop at 8s: [^)]*\) it\s+survives 4 of 4/);
    expect(text).toMatch(/ 0 s {2}█{20} {2}4 of 4/);
    const answer = JSON.parse(readFileSync(`${out}/why.json`, 'utf8'));
    expect(answer).toMatchObject({
      version: 1,
      scenario: 'away',
      kind: 'from-the-start',
      moment: null,
      asked: 'disconnects == 0 was missed',
    });
    expect(answer.probability[0]).toEqual({ at_ms: 0, happened: 4, of: 4 });
    expect(readFileSync(`${out}/report.html`, 'utf8')).toContain('Why disconnects == 0 was missed');
  });

  it('has nothing to explain of a run in which everything held, and says so', async () => {
    const files = scratch();
    const file = files.write('good.yaml', SCENARIO);
    expect(await sim('why', file)).toMatchObject({ exitCode: 2, err: expect.stringContaining('every check and threshold held') });
    const asked = await sim('why', file, '--threshold', 'disconnects < 5', '--out', files.path('out'));
    expect(asked).toMatchObject({ exitCode: 2, err: expect.stringContaining('it is not so that disconnects < 5 was missed in this run') });
  });

  it.each([
    [['why'], 'expected one RUN'],
    [['why', 'nowhere.yaml'], 'nowhere.yaml'],
    [['why', 'FILE', '--board', 'board-1'], '--board and --at belong together'],
    [['why', 'FILE', '--board', 'board-2', '--at', '5s'], 'expected one of 1 board, board-1 to board-1'],
    [['why', 'FILE', '--board', 'board-1', '--at', '1m'], 'expected a time within the run, at most 20s'],
    [['why', 'FILE', '--check', 'converges-after-heal', '--threshold', 'connects == 1'], 'expected one of them'],
    [['why', 'FILE', '--threshold', 'conects == 1'], 'there is no metric "conects"'],
    [['why', 'FILE', '--seeds', '2'], 'expected a whole number from 4'],
  ])('refuses %j', async (words, complaint) => {
    const file = scratch().write('away.yaml', SCENARIO);
    const { exitCode, err } = await sim(...words.map((word) => (word === 'FILE' ? file : word)));
    expect(exitCode).toBe(2);
    expect(err).toContain(complaint);
  });
});
