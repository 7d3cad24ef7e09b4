/** Simulations by a program: settings as files have them, the same runs as by other ways, and their ends. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { app } from 'firmware/apps/sos';
import { UsageError } from 'host/user-error';
import { describe, expect, it } from 'vitest';
import { sim } from '../cli/testing/capture.ts';
import { scratch } from '../cli/testing/scratch.ts';
import type { Summary } from '../measure/result.ts';
import { createWorld, type Settings, type SimulateOptions, simulate, type TraceRecord } from './index.ts';

const SMALL = { boards: 3, device: 'ideal', dropRate: 0.1, duration: '40s', seed: 7 } as const satisfies Settings;
const FLAGS = ['--boards', '3', '--device', 'ideal', '--drop-rate', '0.1', '--duration', '40s', '--seed', '7'];
const API = resolve('sim/api/index.ts');
/** Another process, on a busy machine. */
const SLOW_MS = 60_000;

/** Runs SMALL and sends or prints its hash, and what was loaded for it. */
const SCRIPT = `require(${JSON.stringify(require.resolve('tsx/cjs'))});
  require(${JSON.stringify(API)}).simulate(${JSON.stringify(SMALL)}).then(({ trace_hash }) => done({ trace_hash, loaded: Object.keys(require.cache) }));`;

interface Elsewhere {
  trace_hash: string;
  loaded: string[];
}

function inProcess(): Elsewhere {
  const script = `function done(what) { console.log(JSON.stringify(what)); } ${SCRIPT}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Elsewhere;
}

function inWorker(): Promise<Elsewhere> {
  const script = `function done(what) { require('node:worker_threads').parentPort.postMessage(what); } ${SCRIPT}`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true, execArgv: [] });
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

describe('the same settings and seed give the same trace', () => {
  it('by the command line, with firmware by its name and as itself', async () => {
    const { out } = await sim(...FLAGS, '--json', '--no-report', '--no-trace', '--out', scratch().path('out'));
    const { trace_hash, metrics, checks } = JSON.parse(out) as Summary;
    const byName = await simulate({ ...SMALL, firmware: 'firmware/apps/sos.ts' });
    expect(byName).toMatchObject({ trace_hash, metrics, checks });
    expect((await simulate({ ...SMALL, firmware: app })).trace_hash).toBe(trace_hash);
    expect((await simulate({ ...SMALL, seed: 8 })).trace_hash).not.toBe(trace_hash);
  });

  it('in a fresh process, which loads nothing of reports, captures, live mode and the command line, and in a thread', {
    timeout: SLOW_MS,
  }, async () => {
    const { trace_hash } = await simulate(SMALL);
    const [fresh, thread] = [inProcess(), await inWorker()];
    expect([fresh.trace_hash, thread.trace_hash]).toEqual([trace_hash, trace_hash]);
    const rooms = new Set(fresh.loaded.map((file) => /[/\\]sim[/\\](\w[\w-]*)[/\\]/.exec(file)?.[1]));
    expect([...rooms]).toEqual(expect.arrayContaining(['api', 'world', 'scenario']));
    for (const room of ['report', 'capture', 'live', 'cli', 'study', 'advice', 'fuzz', 'proxy', 'field']) expect(rooms).not.toContain(room);
  });

  it('by hand in uneven steps, with what a scenario would do', async () => {
    const steps: Settings['steps'] = [
      { at: '12500ms', action: 'link.set', boards: '50%', loss: 0.3 },
      { at: '10s', action: 'link.blackhole', boards: 'board-2', for: '5s' },
      { at: '20s', action: 'relay.restart' },
    ];
    const written = await simulate({ ...SMALL, steps });
    const world = await createWorld(SMALL);
    world.at('10s', (now) => now.link('board-2').blackhole({ for: '5s' }));
    world.step({ at: '12500ms', action: 'link.set', boards: '50%', loss: 0.3 });
    world.at('20s', ({ relay }) => relay.restart());
    for (const time of ['3s', '7s', '123ms', '20s'] as const) await world.run(time);
    await world.run();
    expect((await world.finish()).trace_hash).toBe(written.trace_hash);
    expect(written.trace_hash).not.toBe((await simulate(SMALL)).trace_hash);
  });
});

describe('a scenario file', () => {
  const TEXT = `version: 1\nname: mine\nduration: 20s\nboards: { count: 2, device: ideal, firmware: app.ts, backoff: { min: 2s } }\nlink: { loss: 0.1 }\n`;
  const APP = "export function app(hal) { hal.log.line('mine'); }\n";

  it('is played with its own firmware, and with what the settings change', async () => {
    const files = scratch();
    files.write('app.ts', APP);
    const scenario = files.write('mine.yaml', TEXT);
    const changes = { seed: 5, boards: { backoff: { jitter: 'none' } }, thresholds: ['connects == 0'] } as const;
    const lines: string[] = [];
    const onWorld: SimulateOptions['onWorld'] = ({ events$ }) =>
      events$.subscribe(({ event, line }) => event === 'board.log' && lines.push(String(line)));
    const played = await simulate({ scenario, ...changes, onWorld });
    expect(played).toMatchObject({ scenario: 'mine', seed: 5, boards: 2, thresholds: [{ expr: 'connects == 0', ok: true }] });
    expect(lines).toEqual(['mine', 'mine']);
    const url = await simulate({ scenario: pathToFileURL(scenario), ...changes, firmware: pathToFileURL(files.path('app.ts')) });
    expect(url.trace_hash).toBe(played.trace_hash);
    const set = ['--set', 'seed=5', '--set', 'boards.backoff.jitter=none', '--set', 'thresholds=[connects == 0]'];
    const { out } = await sim('replay', scenario, ...set, '--json', '--no-report', '--no-trace', '--out', files.path('out'));
    expect((JSON.parse(out) as Summary).trace_hash).toBe(played.trace_hash);
  });

  it('is told by line and column where it is wrong, and the settings by their names', async () => {
    const files = scratch();
    const scenario = files.write('mine.yaml', TEXT.replace('0.1', '2').replace('20s', '20'));
    await expect(simulate({ scenario, latency: '5 ms' as never, device: 'ideal' })).rejects.toThrow(
      /^latency: expected a duration.* got "5 ms" \(did you mean 5ms\?\)$/m,
    );
    const error = await simulate({ scenario }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.split('\n')).toEqual([
      expect.stringMatching(/mine\.yaml:3:11: duration: expected a duration/),
      expect.stringMatching(/mine\.yaml:5:15: link\.loss: expected a number from 0 to 1/),
    ]);
    await expect(simulate({ scenario: files.path('none.yaml') })).rejects.toThrow(/none\.yaml: cannot be read: no such file/);
    await expect(simulate({ scenario: files.write('b.yaml', TEXT) })).rejects.toThrow(/b\.yaml: boards\.firmware: no such file/);
  });
});

describe('a mistake in the settings', () => {
  it.each<[object, string]>([
    [{ bords: 3 }, 'bords: unknown setting (did you mean "boards"?)'],
    [{ dropRate: 10 }, 'dropRate: expected a number from 0 to 1 (10 % is 0.1), got 10 (did you mean 0.1?)'],
    [{ boards: 0 }, 'boards: expected a whole number from 1 to 10000, got 0'],
    [{ relay: { pingIntervl: '5s' } }, 'relay.pingIntervl: unknown key (did you mean "pingInterval"?)'],
    [{ relay: { ping_interval: '5s' } }, 'relay.ping_interval: unknown key (here it is "pingInterval")'],
    [{ relay: 5 }, 'relay: expected a mapping, got 5'],
    [{ relay: 5, pingInterval: '5s' }, 'pingInterval: cannot stand beside relay: 5'],
    [{ device: 'ideal', boards: { device: 'ideal' } }, 'device: given as boards.device too'],
    [{ dropRate: 0.1, link: { loss: 0.1 } }, 'dropRate: another name of loss, which is given too'],
    [
      { boards: { config: { keepalive: { ping_interval: 5 } } } },
      'boards.config.keepalive.ping_interval: unknown key, did you mean keepalive.ping_interval_ms?',
    ],
    [{ backoff: 'linear' }, 'backoff.kind: expected one of fixed, exponential, got "linear"'],
    [{ steps: [{ at: '1m', action: 'link.blackhol' }] }, 'steps.0.action: unknown action "link.blackhol" (did you mean "link.blackhole"?)'],
    [{ steps: [{ at: '1m', action: 'ap.roam', toAp: 2 }] }, 'steps.0.toAp: there is no access point 2: the scenario has one (aps)'],
    [
      { thresholds: ['p95(reconnect_m) < 5s'] },
      'thresholds.0: "p95(reconnect_m) < 5s": there is no metric "reconnect_m"; the nearest is reconnect_ms',
    ],
    [{ checks: ['one-session'] }, 'checks.0: unknown check "one-session" (did you mean "one-session-per-id"?)'],
    [{ firmware: './none.ts' }, 'firmware: no such file: "none.ts"; expected a module that exports a function app(hal, config)'],
  ])('%j is told: %s', async (settings, message) => {
    const error = await simulate(settings).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message.split('\n')).toContain(message);
  });

  it('is told with all others at once', async () => {
    await expect(simulate({ dropRate: 2, seed: -1, x: 1 } as never)).rejects.toThrow(
      /^x: .*\nseed: .*\ndropRate: |^x: .*\ndropRate: .*\nseed: /,
    );
  });

  it('is known to the compiler', () => {
    const settings: Settings[] = [
      // @ts-expect-error: no such setting
      { pingIntervl: '5s' },
      // @ts-expect-error: a duration has a unit
      { pingInterval: '5' },
      // @ts-expect-error: no such device
      { boards: { device: 'esp8266' } },
      // @ts-expect-error: no such key of config.json
      { boards: { config: { keepaliv: {} } } },
      { pingInterval: '5s', rate: '2mbit', backoff: { jitter: 'none', min: '1.5s' }, boards: { config: { outbox: 3 } }, air: 'private' },
    ];
    expect(settings).toHaveLength(5);
  });
});

describe('on the way', () => {
  it('tells how far it is, at most a hundred times, the end included', async () => {
    for (const duration of ['500ms', '40s', '30m'] as const) {
      const told: number[] = [];
      await simulate({ boards: 1, device: 'ideal', firmware: () => {}, duration, onProgress: ({ virtualMs }) => told.push(virtualMs) });
      expect(told.length).toBeLessThanOrEqual(100);
      expect(told.at(-1)).toBe({ '500ms': 500, '40s': 40_000, '30m': 1_800_000 }[duration]);
      expect(told).toEqual([...told].sort((a, b) => a - b));
    }
  });

  it('tells every event, as the lines of a trace have it', async () => {
    const files = scratch();
    await sim(...FLAGS, '--quiet', '--no-report', '--trace', 'message', '--out', files.path('out'));
    const [, ...lines] = readFileSync(files.path('out/trace.jsonl'), 'utf8').trim().split('\n');
    const events: TraceRecord[] = [];
    let isComplete = false;
    await simulate({
      ...SMALL,
      onWorld: ({ events$ }) => events$.subscribe({ next: (event) => events.push(event), complete: () => (isComplete = true) }),
    });
    expect(events.map((event) => JSON.stringify(event))).toEqual(lines.slice(0, -1));
    expect(isComplete).toBe(true);
  });

  it('ends when the signal is aborted, with its reason, in the midst of the world as well as before it', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const running = simulate({
      ...SMALL,
      signal: stop.signal,
      onWorld: (world) => {
        world.events$.subscribe(({ t }) => seen.push(t));
        world.at('15s', () => stop.abort(new Error('enough')));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(seen.at(-1)).toBeLessThanOrEqual(15_000);
    const { length } = seen;
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toHaveLength(length);
    await expect(simulate({ ...SMALL, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('ends with what a callback throws', async () => {
    const failing = (time: '10s') =>
      simulate({
        ...SMALL,
        onWorld: (world) =>
          world.at(time, () => {
            throw new Error('mine');
          }),
      });
    await expect(failing('10s')).rejects.toThrow('mine');
    await expect(
      simulate({
        ...SMALL,
        onProgress: () => {
          throw new Error('progress');
        },
      }),
    ).rejects.toThrow('progress');
    await expect(
      simulate({
        ...SMALL,
        onWorld: () => {
          throw new Error('world');
        },
      }),
    ).rejects.toThrow('world');
  });

  it("ends with what a user's firmware does outside of the HAL, by its line", async () => {
    const firmware = scratch().write('app.ts', 'export function app(hal) {\n  hal.clock.setTimeout(() => process.exit(), 5000);\n}\n');
    await expect(simulate({ ...SMALL, firmware })).rejects.toThrow(/app\.ts:2:\d+: process\.exit is outside the HAL/);
  });
});
