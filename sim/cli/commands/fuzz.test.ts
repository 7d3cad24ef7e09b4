import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sim } from '../testing/capture.ts';
import { type Scratch, scratch } from '../testing/scratch.ts';

/** Connects, and when that channel is lost no timer of it runs again. */
const NEVER_AGAIN = `
import { createChannel } from 'firmware/channel';
export function app(hal, config) {
  let lost = false;
  const setTimeout = (callback, ms) => hal.clock.setTimeout(() => lost || callback(), ms);
  let wasOpen = false;
  const clock = { now: () => hal.clock.now(), setTimeout, clearTimeout: (timer) => hal.clock.clearTimeout(timer) };
  createChannel({ ...hal, clock }, config).onState((state) => {
    lost = wasOpen && state !== 'open';
    wasOpen = wasOpen || state === 'open';
  });
}
`;
/** Throws where no caller of the kit's can catch it. */
/** As a fault of the kit would, so past what keeps an app from the process. */
const THROWS_OUTSIDE = `
export function app() {
  Function('return process')().nextTick(() => { throw new TypeError('outside of board 7'); });
}
`;

function scenarioOf(files: Scratch, app: string): string {
  const boards = `boards: { count: 4, firmware: ${files.write('app.ts', app)} }`;
  return files.write('base.yaml', `version: 1\nduration: 10m\n${boards}\nsteps: [{ at: 20s, action: relay.restart }]\n`);
}

describe('fuzz', () => {
  it('finds a firmware that never connects again, shrinks what shows it, and leaves a scenario that breaks the same check', async () => {
    const files = scratch();
    const words = ['--scenario', scenarioOf(files, NEVER_AGAIN), '--seeds', '16', '--json', '--out', files.path('out')];
    const { exitCode, out, err } = await sim('fuzz', ...words);
    expect([exitCode, err]).toEqual([4, '']);
    const [found, ...others] = JSON.parse(out).findings;
    expect([found.check, others]).toEqual(['converges-after-heal', []]);
    expect(found.file).toBe(files.path(`out/fuzz-${found.seed}/converges-after-heal.yaml`));
    expect(found.detail).toMatch(/^at \S+ s board-1 had no open channel for \S+ s although its link and the relay were up/);
    const text = readFileSync(found.file, 'utf8');
    expect(text).toContain('count: 1');
    expect(text.match(/action:/g)).toHaveLength(1);

    const replayed = await sim('replay', found.file, '--json', '--out', files.path('again'));
    expect(replayed.exitCode).toBe(4);
    expect(JSON.parse(replayed.out).checks).toEqual([{ name: 'converges-after-heal', ok: false, detail: found.detail }]);
  });

  it('takes what is thrown outside of any call for a crash of that case, goes on, and says the same with one worker as with two', async () => {
    const files = scratch();
    const base = scenarioOf(files, THROWS_OUTSIDE);
    const fuzz = (workers: number) =>
      sim('fuzz', '--scenario', base, '--seeds', '3', '--workers', String(workers), '--quiet', '--out', files.path('out'));
    const { exitCode, out, err } = await fuzz(1);
    expect([exitCode, err]).toEqual([4, '']);
    expect(out).toMatch(
      /^3 cases, 1 kind of break\.\n\ncrash, seed 1: TypeError: outside of board 7\. Also with seed 2, 3\.\nnpx tsx sim replay /,
    );
    const file = files.path('out/fuzz-1/crash.yaml');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('about: "Breaks crash: TypeError: outside of board 7"');
    rmSync(file);
    expect(await fuzz(2)).toEqual({ exitCode, out, err });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('says that nothing broke, and leaves nothing; with TLS too, in whose worker threads nothing can be imported on demand', async () => {
    const files = scratch();
    const base = files.write('base.yaml', 'version: 1\nduration: 2m\ntls: encrypt\nboards: { count: 2 }\n');
    const { exitCode, out, err } = await sim('fuzz', '--scenario', base, '--seeds', '3', '--out', files.path('out'));
    expect([exitCode, err]).toEqual([0, '']);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(`Random settings and failures on ${base}, a case for each seed from 1 to 3. `);
    expect(out).toContain('3 cases, and nothing broke.');
    expect(existsSync(files.path('out'))).toBe(false);
  });

  it.for([
    [['--seeds', '0'], '--seeds: expected a whole number from 1 to 1000000, got "0"'],
    [['--seed', '-1'], '--seed: expected a whole number from 0 to 4294967295'],
    [['--minutes', '1.5'], '--minutes: expected a whole number from 1 to 1440, got "1.5"'],
    [['--scenario', 'nothing.yaml'], 'nothing.yaml: cannot be read'],
    [['more'], 'unexpected argument "more"'],
  ] as const)('%s is refused', async ([words, message]) => {
    const { exitCode, err } = await sim('fuzz', ...words);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});
