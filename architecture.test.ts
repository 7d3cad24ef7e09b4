/**
 * What ARCHITECTURE.md promises: each worked diff still applies, passes the import rules, and does what its
 * paragraph says. A scratch copy is made once, and each diff is taken back before the next.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseOf } from './.ci/architecture/house.ts';
import { drawHouse } from './.ci/architecture/picture.ts';
import { scratchCopy } from './.ci/scratch-copy.ts';
import { importsOf } from './.ci/tidy/import-graph.ts';
import { ruleProblems } from './.ci/tidy/import-rules.ts';
import { isSource, readRepository } from './.ci/tidy/source-file.ts';

const DIFFS = '.ci/architecture/diffs';

/** By the diff's name: a command in the copy, and what it must print. */
const WORKED: Record<string, { command: string[]; prints: RegExp }> = {
  'link-rule': {
    command: ['sim/index.ts', '--boards', '1', '--duration', '1m', '--scan-every', '20s', '--no-report', '--no-trace'],
    prints: /is\s+left\s+for\s+a\s+scan\s+every\s+20s/,
  },
  action: {
    command: [
      ...['sim/index.ts', 'replay', 'scenarios/smoke.yaml', '--set', 'duration=20s', '--set', 'thresholds=[]', '--no-report', '--no-trace'],
      ...['--set', 'steps=[{ at: 1s, action: link.slow, by: 50ms, for: 5s }]'],
    ],
    prints: /At\s+1s\s+packets\s+take\s+50ms\s+longer\s+\(all\s+boards\)\s+for\s+5s/,
  },
  metric: {
    command: [
      ...['sim/index.ts', 'replay', 'scenarios/smoke.yaml', '--set', 'duration=20s', '--no-report', '--no-trace'],
      ...['--set', 'thresholds=["count(wifi_join_ms) == 5", "max(wifi_join_ms) < 100ms"]'],
    ],
    prints: /1\s+of\s+2\s+failed\s+│[\s│]*max\(wifi_join_ms\)\s+\d.*?,\s+limit\s+100\s+ms/,
  },
  // Fifty boards at 1 Mbit/s: 13 ms at worst when each has an air of its own.
  'shared-medium': {
    command: [
      ...['sim/index.ts', 'replay', 'scenarios/smoke.yaml', '--set', 'duration=1m', '--set', 'boards.count=50', '--set', 'thresholds=[]'],
      ...['--set', 'link.rssi=-88', '--json', '--no-report', '--no-trace'],
    ],
    prints: /"broadcast_latency_ms": ?\{[^}]*"p99": ?[5-9]\d\./,
  },
  'device-profile': {
    command: ['sim/index.ts', '--boards', '1', '--duration', '1m', '--device', 'espruino-pico-w', '--json', '--no-report', '--no-trace'],
    prints: /"device": ?"espruino-pico-w"/,
  },
  // Its lines are read off the sockets: nobody tells of them.
  runtime: {
    command: [
      ...['sim/index.ts', '--firmware', 'scenarios/golden/smoke.txt', '--boards', '5', '--duration', '30s'],
      ...['--no-report', '--no-trace'],
    ],
    prints: /A\s+board\s+does\s+not\s+ping[\s\S]*all\s+\d\d+\s+messages\s+arrived/,
  },
  activity: {
    command: ['sim/index.ts', '--boards', '2', '--duration', '1m', '--no-report', '--no-trace'],
    prints: /computes \d\.\d %, sends 0\.\d+ % · computes \d\.\d %, sends 0\.\d+ %/,
  },
  'packet-tap': {
    command: ['sim/index.ts', '--boards', '1', '--duration', '1m', '--drop-rate', '0.3', '--no-report', '--no-trace'],
    prints: /10\.0\.0\.1:1 > relay \[S\] seq 0 ack 0 length 0[\s\S]*: lost \(rule\.loss\)/,
  },
};

/** Elsewhere: an import, and the line that uses it. */
const LINES_ELSEWHERE_MAX = 2;

let copy = '';

beforeAll(() => {
  copy = scratchCopy();
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const git = (...words: string[]) =>
  execFileSync('git', words, { cwd: copy, encoding: 'utf8', env: { ...process.env, GIT_DIR: '/dev/null' } });

describe('the newcomer’s test', () => {
  it('every worked diff is tried, and every one that is tried stands in ARCHITECTURE.md', () => {
    const names = readdirSync(DIFFS).map((file) => file.replace(/\.diff$/, ''));
    expect(names.sort()).toEqual(Object.keys(WORKED).sort());
    const page = readFileSync('ARCHITECTURE.md', 'utf8');
    for (const name of names) expect(page).toContain(readFileSync(`${DIFFS}/${name}.diff`, 'utf8').trimEnd());
  });

  it.for(Object.entries(WORKED))('%s', ([name, { command, prints }]) => {
    const diff = resolve(DIFFS, `${name}.diff`);
    const text = readFileSync(diff, 'utf8');
    const [added, changed] = [/^--- \/dev\/null$/m, /^--- a\//m].map((from) => text.split(/^(?=--- )/m).filter((file) => from.test(file)));
    expect([added.length, changed.length]).toEqual([1, 1]);
    expect(changed[0].match(/^[+-](?![+-])/gm)?.length).toBeLessThanOrEqual(LINES_ELSEWHERE_MAX);
    git('apply', diff);
    try {
      const touched = [...text.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, path]) => path);
      const files = touched.filter((path) => path.endsWith('.ts')).map((path) => ({ path, text: readFileSync(join(copy, path), 'utf8') }));
      expect(ruleProblems(files.flatMap(importsOf))).toEqual([]);
      const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...command], { cwd: copy, encoding: 'utf8' });
      expect(`${stdout}${stderr}`).toMatch(prints);
    } finally {
      git('apply', '--reverse', diff);
    }
  });
});

it('the picture of the house is drawn from what stands here now (npm run architecture)', () => {
  const files = readRepository().filter(isSource);
  expect(readFileSync('ARCHITECTURE.svg', 'utf8')).toBe(drawHouse(houseOf(files)));
});
