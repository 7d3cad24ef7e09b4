import { existsSync, readFileSync } from 'node:fs';
import { parseConfig } from 'firmware/config';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../study/sweep/study.ts';
import type { TuneResult } from '../../study/tune/result.ts';
import { sim } from '../testing/capture.ts';
import { type Scratch, scratch } from '../testing/scratch.ts';

const WORLD = `version: 1
name: tiny
duration: 60s
relay: { mode: echo }
boards: { count: 2, device: ideal, boot_spread: 2s, board_ping_interval: 0s }
steps:
  - { at: 10s, action: link.blackhole, for: 40s }
`;
const SPACE = ['--vary', 'relay.ping_interval=4s,6s,8s', '--vary', 'relay.ping_timeout=2s,4s', '--seeds', '4'];
/** Each tuning starts threads several times, on a machine that may be busy, ms. */
const PATIENCE_MS = 180_000;
const WANTED = ['--goal', 'max(detect_ms) < 9000 and mean(detect_ms) > 0', '--minimize', 'keepalive_bytes'];

/** Tunes the tiny world into the folder `name`. */
function tune(files: Scratch, name: string, ...words: string[]) {
  return sim('tune', '--scenario', files.write('tiny.yaml', WORLD), '--out', files.path(name), ...SPACE, ...words);
}

function front(files: Scratch, name: string): TuneResult {
  return JSON.parse(readFileSync(files.path(`${name}/front.json`), 'utf8'));
}

describe('tune', { timeout: PATIENCE_MS }, () => {
  it('recommends the cheapest setting that keeps the goal, says why, and leaves what is to be pasted', async () => {
    const files = scratch();
    const { exitCode, out, err } = await tune(files, 'out', ...WANTED);
    expect(exitCode).toBe(0);
    expect(err).toMatch(/^ {2}1 setting, 3 runs\n/);
    expect(out).toContain('Recommended: ping_interval 8s, ping_timeout 2s (→)');
    expect(out).toContain('Relay: npx tsx relay --ws-ping-interval 8s --ws-ping-timeout 2s\n');
    expect(out).toMatch(/ping_interval 8s → 6s: keepalive_bytes \+[\d.]+ \((may be noise: )?−?[\d.]+ to [\d.]+\)\n/);
    expect(out).toContain('ping_timeout 2s → 4s: the same in keepalive_bytes\n');

    const config = JSON.parse(readFileSync(files.path('out/recommended.config.json'), 'utf8'));
    expect(parseConfig(config).errors).toEqual([]);
    expect(config.keepalive).toEqual({ ping_interval_ms: 0, ping_timeout_ms: 10_000 });
    const run = await sim(
      '--config',
      files.path('out/recommended.config.json'),
      '--duration',
      '1s',
      '--boards',
      '1',
      '--out',
      files.path('run'),
    );
    expect(run.exitCode).toBe(0);

    const page = readFileSync(files.path('out/report.html'), 'utf8');
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|https?:\/\/(?!www\.w3\.org)/);
    expect(loadStudy('study.yaml', readFileSync(files.path('out/study.yaml'), 'utf8'), null, null).study?.cells).toHaveLength(6);
  });

  it('comes to the same with one worker as with two, and to the same again without running anything', async () => {
    const files = scratch();
    const two = await tune(files, 'two', ...WANTED, '--workers', '2', '--json', '--no-report');
    expect(two.err).toBe('');
    expect(JSON.parse(two.out)).toEqual(front(files, 'two'));
    expect(existsSync(files.path('two/report.html'))).toBe(false);
    await tune(files, 'one', ...WANTED, '--workers', '1', '--quiet', '--no-report');
    expect({ ...front(files, 'one'), command: '' }).toEqual({ ...front(files, 'two'), command: '' });

    const again = await tune(files, 'two', ...WANTED, '--no-report');
    expect(again.err).toBe('');
    expect(again.out).toMatch(/\d+\s+runs\s+are\s+there\s+from\s+before\./);
    expect(front(files, 'two')).toEqual(JSON.parse(two.out));
  });

  it('says that a goal cannot be kept, shows the nearest, and ends with 3', async () => {
    const files = scratch();
    await tune(files, 'out', ...WANTED, '--no-report');
    const { exitCode, out } = await tune(
      files,
      'out',
      '--goal',
      'max(detect_ms) < 1000 and mean(detect_ms) > 0',
      '--minimize',
      'keepalive_bytes',
    );
    expect(exitCode).toBe(3);
    expect(out).toContain('No setting surely keeps max(detect_ms) < 1000 and mean(detect_ms) > 0. The nearest:');
    const { nearest } = front(files, 'out');
    const means = nearest.map(({ metrics }) => metrics['max(detect_ms)'].mean ?? 0);
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(nearest[0].parameters['relay.ping_timeout']).toBe('2s');
    expect(existsSync(files.path('out/recommended.config.json'))).toBe(false);
  });

  it('says when nothing in the world gives a goal its samples', async () => {
    const { exitCode, out } = await tune(scratch(), 'out', '--goal', 'max(recovery_ms) < 1', '--minimize', 'connects', '--set', 'steps=[]');
    expect(exitCode).toBe(3);
    expect(out).toContain('No run had a sample of max(recovery_ms): nothing that happens in this world makes one.');
  });

  it('ends with its budget and says so', async () => {
    const files = scratch();
    const { out } = await tune(files, 'out', ...WANTED, '--budget', '4', '--no-report');
    expect(out).toMatch(/The\s+budget\s+of\s+4\s+ended\s+the\s+search\s+before\s+everything\s+was\s+decided\./);
    expect(front(files, 'out').runs.used).toBe(4);
  });

  it.for([
    [[], 'tune: expected --goal, such as'],
    [['--goal', 'connects > 1'], 'tune: expected --minimize, such as'],
    [['--goal', 'detect_ms < 5', '--minimize', 'connects'], '--goal: "detect_ms < 5": detect_ms is a distribution'],
    [['--goal', 'connects == 5', '--minimize', 'connects'], 'expected <, <=, > or >='],
    [['--goal', 'connects > 1', '--minimize', 'conects'], '--minimize: "conects": there is no metric "conects"; the nearest is connects'],
    [['--goal', 'connects > 1', '--minimize', 'connects,connects'], '--minimize: connects is given twice'],
    [[...WANTED, '--link', 'los=0.1'], '--link: unknown key "los"; expected one of latency'],
    [[...WANTED, '--link', 'loss=2'], '--link: loss: expected a number from 0 to 1 (10 % is 0.1), got "2"'],
    [[...WANTED, '--set', 'link.loss=2'], '--set link.loss=2: link.loss: expected a number from 0 to 1 (10 % is 0.1), got 2'],
    [[...WANTED, '--vary', 'relay.ping_interval'], '--vary: expected path=v1,v2,…'],
    [[...WANTED, '--vary', 'relay.ping_interval=5s,5'], '--vary relay.ping_interval.1: expected a duration with its unit'],
    [[...WANTED, '--vary', 'relay.ping=5s'], '--vary relay.ping: unknown key'],
    [[...WANTED, '--vary', 'link.loss=0,0.1'], 'link.loss cannot be tuned: expected settings of the relay or of the boards'],
    [[...WANTED, '--vary', 'relay.ping_interval=5s', '--vary', 'relay.ping_interval=6s'], '--vary relay.ping_interval is given twice'],
    [[...WANTED, '--seeds', '2'], '--seeds: expected a whole number from 3 to 10000, got "2"'],
    [[...WANTED, '--scenario', 'nothing.yaml'], 'nothing.yaml: cannot be read'],
  ] as const)('%s is refused', async ([words, message]) => {
    const { exitCode, err } = await sim('tune', ...words);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
