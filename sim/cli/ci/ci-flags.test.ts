/** `--junit`, `--annotations` and `--summary-md` of the commands that hold runs to something. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sim } from '../testing/capture.ts';
import { type Scratch, scratch } from '../testing/scratch.ts';
import { expectJunit } from './testing/read-junit.ts';

const GOOD = 'version: 1\nname: good\nduration: 20s\nboards: { count: 2, device: ideal }\n';
const BAD = `${GOOD.replace('good', 'bad')}steps:\n  - { at: 1ms, expect: channel.open }\nthresholds:\n  - connects >= 0\n  - connects > 100\n`;
const QUIET = ['--quiet', '--no-report', '--no-trace'];

function ciFlags(files: Scratch): string[] {
  return ['--junit', files.path('ci/junit.xml'), '--annotations', 'github', '--summary-md', files.path('ci/summary.md')];
}

function read(files: Scratch): { junit: string; markdown: string } {
  return { junit: readFileSync(files.path('ci/junit.xml'), 'utf8'), markdown: readFileSync(files.path('ci/summary.md'), 'utf8') };
}

/** `name` or `name: message` of each test case. */
function casesOf(junit: string): string[] {
  return [...junit.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>\s*<\w+(?: type="\w+")? message="([^"]*)")/g)].map(([, name, why]) =>
    why === undefined ? name : `${name} → ${why}`,
  );
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('replay', () => {
  it.each([1, 2])(
    'tells of a folder, with %d runs at a time, what held and what failed, where, and by which command it is seen again',
    async (workers) => {
      const files = scratch();
      vi.stubEnv('GITHUB_WORKSPACE', files.path(''));
      mkdirSync(files.path('all'));
      files.write('all/good.yaml', GOOD);
      const bad = files.write('all/bad.yaml', BAD);
      const words = [
        'replay',
        files.path('all'),
        '--workers',
        String(workers),
        '--json',
        '--no-report',
        '--no-trace',
        '--out',
        files.path('out'),
      ];
      const { exitCode, out, err } = await sim(...words, ...ciFlags(files));
      expect(exitCode).toBe(4);
      expect(JSON.parse(out).runs).toHaveLength(2);
      const again = `Again: npx tsx sim replay ${bad}`;
      expect(err.split('\n')).toEqual([
        expect.stringMatching(/^::error file=all\/bad\.yaml,line=6,col=5,title=bad%3A expect channel\.open::expect channel\.open: at /),
        `::error file=all/bad.yaml,line=9,col=5,title=bad%3A connects > 100::connects 2, wanted more than 100%0A${again}`,
        '',
      ]);
      const { junit, markdown } = read(files);
      await expectJunit(junit);
      expect(junit).toContain('<testsuites name="sim replay" tests="13" failures="2" errors="0" time="0.000">');
      expect(casesOf(junit).slice(0, 8)).toEqual([
        'comes to its end',
        'no-uncaught-error',
        'one-session-per-id',
        'bounded-detection',
        'converges-after-heal',
        expect.stringMatching(/^expect channel\.open → expect channel\.open: at .* board-1 was not channel\.open/),
        'connects >= 0',
        'connects > 100 → connects 2, wanted more than 100',
      ]);
      expect(junit).toMatch(
        /wanted more than 100\nFAILED: expect channel\.open: [^<]*And 1 more failed\.[^<]*\nAgain: npx tsx sim replay /,
      );
      expect(markdown).toMatch(/^\*\*FAILED: 1 of 2 scenarios: bad\.\*\*\n\n\| scenario \| seed \|/);
      expect(markdown).toContain('| good | 1 | 100 % | 0 | 0 |');
      expect(markdown).toContain(`- bad: connects 2, wanted more than 100<br>\`npx tsx sim replay ${bad}\``);
    },
  );

  it('appends its Markdown to what other steps wrote, and replaces the JUnit of the run before', async () => {
    const files = scratch();
    mkdirSync(files.path('ci'));
    files.write('ci/summary.md', 'Another step.\n');
    files.write('ci/junit.xml', 'x'.repeat(100_000));
    const { exitCode, err } = await sim('replay', files.write('good.yaml', GOOD), ...QUIET, '--out', files.path('out'), ...ciFlags(files));
    expect([exitCode, err]).toEqual([0, '']);
    const { junit, markdown } = read(files);
    await expectJunit(junit);
    expect(markdown).toMatch(/^Another step\.\n\*\*HELD: 4 checks\./);
  });

  it('tells of a recording where it differs', async () => {
    const files = scratch();
    await sim('replay', files.write('good.yaml', GOOD), '--quiet', '--no-report', '--out', files.path('run'));
    const recording = readFileSync(files.path('run/trace.jsonl'), 'utf8');
    const changed = files.write('changed.jsonl', recording.replace(/"t":[\d.]+(?=[^\n]*"ws\.open")/, '"t":1'));
    const { exitCode, err } = await sim('replay', changed, '--quiet', ...ciFlags(files));
    expect(exitCode).toBe(4);
    const { junit, markdown } = read(files);
    expect(casesOf(junit)[0]).toMatch(/^is the same as its recording → \S+changed\.jsonl:\d+: the run differs from its recording at 1 ms/);
    expect(err).toMatch(
      /^::error file=\S+changed\.jsonl,title=good%3A is the same as its recording::\S+changed\.jsonl:\d+: the run differs/m,
    );
    expect(markdown).toMatch(/^\*\*FAILED: \S+changed\.jsonl:\d+: the run differs/);
  });

  it('tells also what ended it, so that nothing before is taken for its result', async () => {
    const files = scratch();
    files.write('outside.ts', 'export function app(hal) { hal.clock.setTimeout(() => process.exit(0), 1000); }\n');
    const bad = files.write(
      'outside.yaml',
      GOOD.replace('good', 'outside').replace('ideal', 'ideal, any_javascript: true, firmware: outside.ts'),
    );
    const words = ['replay', files.write('good.yaml', GOOD), bad, '--workers', '1', ...QUIET, '--out', files.path('out')];
    const { exitCode, err } = await sim(...words, ...ciFlags(files));
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/::error file=\S*outside\.ts,line=1,col=\d+,title=\S*outside\.ts%3A comes to its end \(1%3A\d+\)::/),
    ]);
    const { junit, markdown } = read(files);
    await expectJunit(junit);
    expect(junit).toContain('errors="1"');
    expect(casesOf(junit)).toContain('comes to its end → not played: the command was ended before');
    expect(markdown).toMatch(/^\*\*ENDED: .*outside\.ts:1/);
  });
});

it('sweep tells of each cell in how many runs it failed, and names the first of them', async () => {
  const files = scratch();
  const file = files.write(
    'study.yaml',
    `${GOOD}thresholds: ["tcp_retransmits == 0"]\nsteps: [{ at: 1s, expect: pin.low, pin: 5 }]\nsweep: { parameters: { link.loss: [0, 0.3] }, seeds: 2, metrics: [connects] }\n`,
  );
  const { exitCode, err } = await sim('sweep', file, '--quiet', '--no-report', '--out', files.path('out'), ...ciFlags(files));
  expect(exitCode).toBe(3);
  const { junit, markdown } = read(files);
  await expectJunit(junit);
  expect(junit).toContain('<testsuite name="good: 0" tests="7" failures="0" errors="0" skipped="0" time="0.000"');
  expect(junit).toContain('<testsuite name="good: 0.3" tests="7" failures="1" errors="0" skipped="0" time="0.000"');
  expect(casesOf(junit)).toContain('expect pin.low on pin 5');
  const why = 'tcp_retransmits == 0 was missed in 2 of 2 runs (seed 1, 2)';
  expect(casesOf(junit).at(-1)).toBe(`tcp_retransmits == 0 → ${why}`);
  const again = `npx tsx sim replay ${file} --set sweep=null --set seed=1 --set link.loss=0.3`;
  expect(err).toContain(`,line=5,col=14,title=good%3A 0.3%3A tcp_retransmits == 0::${why}%0AAgain: ${again}\n`);
  expect(markdown).toMatch(/^\*\*FAILED: tcp\\_retransmits == 0 in 2 of 4 runs/);
  expect(markdown).toContain('| 0.3 | 2 | threshold |');
  const replayed = await sim('replay', ...again.split(' ').slice(4), ...QUIET, '--out', files.path('again'));
  expect(replayed.exitCode).toBe(3);
});

it('fuzz tells of each check whether anything broke it', async () => {
  const files = scratch();
  files.write('app.ts', 'export function app() { throw new Error("at once"); }\n');
  const file = files.write('base.yaml', `${GOOD.replace('20s', '5m')}`.replace('device: ideal', 'firmware: app.ts'));
  const { exitCode } = await sim('fuzz', '--scenario', file, '--seeds', '1', '--quiet', '--out', files.path('out'), ...ciFlags(files));
  expect(exitCode).toBe(4);
  const { junit, markdown } = read(files);
  await expectJunit(junit);
  expect(casesOf(junit)).toEqual([
    'all cases are tried',
    expect.stringMatching(/^no-uncaught-error → no-uncaught-error, seed 1: .*at once/),
    'one-session-per-id',
    'bounded-detection',
    'converges-after-heal',
    'crash',
    'endless',
  ]);
  expect(markdown).toMatch(/^\*\*FAILED: 1 case from seed 1 on, no-uncaught-error broke\.\*\*/);
});

describe('a mistake', () => {
  it.each([
    ['replay', (file: string) => [file]],
    ['sweep', (file: string) => [file]],
    ['fuzz', (file: string) => ['--scenario', file]],
  ] as const)('in the file that %s is given stands at its place, and nothing old is left', async (command, words) => {
    const files = scratch();
    vi.stubEnv('GITHUB_WORKSPACE', files.path(''));
    mkdirSync(files.path('ci'));
    files.write('ci/junit.xml', 'of the run before');
    const file = files.write(
      'bad.yaml',
      `${GOOD}seed: -1\nlink: { loss: 2 }\nsweep: { parameters: { link.burst: [1] } }\n`.replace(
        command === 'sweep' ? '' : /sweep.*\n/,
        '',
      ),
    );
    const { exitCode, out, err } = await sim(command, ...words(file), ...ciFlags(files));
    expect([exitCode, out]).toEqual([2, '']);
    const { junit, markdown } = read(files);
    await expectJunit(junit);
    expect(casesOf(junit)).toEqual([
      expect.stringMatching(/^comes to its end \(5:7\) → \S+bad\.yaml:5:7: seed: expected a whole number/),
      expect.stringMatching(/^comes to its end \(6:15\) → \S+bad\.yaml:6:15: link\.loss: expected a number/),
    ]);
    expect(err.match(/^::error file=bad\.yaml,line=[56],/gm)).toHaveLength(2);
    expect(markdown).toMatch(/^\*\*ENDED: \S+bad\.yaml:5:7: seed: .* \(and 1 mistake more\)\*\*\n\n- /);
  });

  it.each([
    [['--junit', ''], '--junit: expected a file, got ""'],
    [['--summary-md', ''], '--summary-md: expected a file, got ""'],
    [['--annotations', 'gitlab'], '--annotations: expected one of none, github, got "gitlab" (did you mean github?)'],
  ])('%j is refused', async (words, message) => {
    for (const command of ['replay', 'sweep', 'fuzz']) expect((await sim(command, ...words)).err).toContain(message);
  });

  it.each([
    ['--junit', 'FOLDER', 'it is a directory'],
    ['--junit', 'FOLDER/file/junit.xml', 'a part of the path is not a directory'],
    ['--summary-md', 'FOLDER', 'it is a directory'],
    ['--summary-md', '/proc/none/summary.md', 'no such file or directory'],
  ])('%s %s is known before anything runs', async (flag, path, problem) => {
    const files = scratch();
    files.write('file', '');
    const place = path.replace('FOLDER', files.path(''));
    const { exitCode, out, err } = await sim('replay', files.write('good.yaml', GOOD), flag, place, '--out', files.path('out'));
    expect([exitCode, out, err]).toEqual([2, '', `${flag}: cannot write to ${JSON.stringify(place)}: ${problem}\n`]);
    expect(existsSync(files.path('out'))).toBe(false);
  });
});
