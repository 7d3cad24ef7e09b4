/** A user's firmware in a world: held to the HAL, told by its own lines, its promises in virtual time. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UsageError } from 'host/user-error';
import { register } from 'tsx/cjs/api';
import { describe, expect, it, vi } from 'vitest';
import { type Scratch, scratch } from '../cli/testing/scratch.ts';
import type { RunResult } from '../measure/result.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { KIT_APPS, loadFirmware } from './load-firmware.ts';

register();

/** An app whose fifth line is `line`. */
const appWith = (line: string): string => `import { createChannel, type DeviceConfig } from 'firmware/channel';
import type { Hal } from 'hal';
export function app(hal: Hal, config: DeviceConfig): void {
  const channel = createChannel(hal, config);
  ${line}
}
`;

async function play(source: string, boards: ScenarioDocument['boards'] = {}, files: Scratch = scratch()): Promise<RunResult> {
  const file = files.write('app.ts', source);
  const scenario = makeScenario({ duration: 20_000, boards: { count: 2, firmware: file, ...boards } });
  return await run(scenario, await loadFirmware(file));
}

/** The messages of the UsageError that playing it throws, without the folder. */
async function refusal(source: string, files: Scratch = scratch()): Promise<string[]> {
  const error = await play(source, {}, files).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message.split('\n').map((line) => line.replaceAll(/[^ (]*\/squall-test-[^/]*\//g, ''));
}

describe('what is outside the HAL is refused with its place', () => {
  it.each([
    ['setImmediate(() => {});', 3, 'setImmediate'],
    ['globalThis.setImmediate(() => {});', 14, 'setImmediate'],
    ['channel.send(Buffer.from("x").toString());', 23, 'Buffer.from'],
    ['channel.send(String(performance.now()));', 35, 'performance.now'],
    ['channel.send(crypto.randomUUID());', 23, 'crypto.randomUUID'],
    ['process.exit(0);', 11, 'process.exit'],
    ['void fetch("http://10.0.0.1/");', 8, 'fetch'],
    ['hal.clock.setTimeout(() => process.exit(0), 3000);', 38, 'process.exit'],
  ])('%s', async (line, column, what) => {
    const [first, ...others] = await refusal(appWith(line));
    expect(first).toMatch(new RegExp(`^app\\.ts:5:${column}: ${what.replace(/[.()]/g, '\\$&')} is outside the HAL: `));
    expect(others).toEqual([]);
  });

  it('also when the app catches it, each place once, in all modules of its own', async () => {
    const files = scratch();
    files.write('luck.ts', '\n\nexport function luck(): number {\n  return performance.now();\n}\n');
    const source = `import { luck } from './luck.ts';\n${appWith(`function tick(): void {
    try { channel.send(String(luck())); } catch { channel.send('0'); }
    try { channel.send(crypto.randomUUID()); } catch { channel.send('1'); }
    hal.clock.setTimeout(tick, 10);
  }
  tick();`)}`;
    const refusals = await refusal(source, files);
    expect(refusals.map((line) => line.split(' ', 1)[0])).toEqual(['luck.ts:4:22:', 'app.ts:8:31:']);
  });

  it.each([
    ["import { readFileSync } from 'node:fs';\nconsole.log(readFileSync);", 'import of "node:fs"'],
    ["import * as os from 'os';\nconsole.log(os);", 'import of "os"'],
    ["import { createNodeBoard } from 'hal/node/index';\nconsole.log(createNodeBoard);", 'import of "hal/node/index"'],
    ['export const bootedAt = performance.now();', 'performance.now'],
  ])('as soon as it is loaded: %s', async (line, what) => {
    const [first] = await refusal(`${line}\nexport function app(): void {}\n`);
    expect(first).toMatch(/^app\.ts:1:\d+: /);
    expect(first).toContain(`: ${what} is outside the HAL: `);
  });

  it('but not what is the same on every computer', async () => {
    const line = `channel.send([new Date(0).getTime(), Math.floor(1.5), Math.max(1, 2), typeof process, String(process.env.NODE_ENV)].join(' '));`;
    const { summary } = await play(appWith(line));
    expect(summary.errors).toEqual([]);
    expect(summary.metrics.messages_delivered).toBe(2);
  });
});

it('knows no time zone', async () => {
  vi.stubEnv('TZ', 'Asia/Tokyo');
  const { summary } = await play(appWith('if (new Date(0).getHours() !== 0) throw new Error(String(new Date(0)));'));
  vi.unstubAllEnvs();
  expect(summary.errors).toEqual([]);
});

describe("an app's modules", () => {
  it('are instances of their own: what the kit has loaded stays as it is', async () => {
    const files = scratch();
    const library = files.write('library.js', 'exports.loads = (exports.loads ?? 0) + 1; exports.now = () => performance.now();\n');
    const require = createRequire(__filename);
    const kits = require(library) as { loads: number; now(): number };
    const line = 'hal.log.line(String(library.loads)); hal.log.line(String(library.now()));';
    const refusals = await refusal(`import * as library from './library.js';\n${appWith(line)}`, files);
    expect(refusals).toEqual([expect.stringMatching(/^library\.js:1:\d+: performance\.now is outside/)]);
    expect(require(library)).toBe(kits);
    expect(kits.now()).toBeGreaterThan(0);
  });

  it('that the kit loads later are its own too', async () => {
    const files = scratch();
    const library = files.write('library.js', 'exports.now = () => performance.now();\n');
    await play(`import * as library from './library.js';\n${appWith('hal.log.line(typeof library.now);')}`, {}, files);
    const kits = createRequire(__filename)(library) as { now(): number };
    expect(kits.now()).toBeGreaterThan(0);
  });

  it('that throw when they are loaded are named with the place', async () => {
    const files = scratch();
    files.write('sensor.ts', "\nthrow new Error('no sensor');\nexport const sensor = 1;\n");
    const [message] = await refusal(`import { sensor } from './sensor.ts';\n${appWith('hal.log.line(String(sensor));')}`, files);
    expect(message).toBe('app.ts: cannot be loaded: no sensor (sensor.ts:2:7)');
  });

  it('may declare what is guarded as something of their own', async () => {
    const { summary } = await play(
      appWith('const process = 1, Date = 2, setTimeout = 3; channel.send(String(process + Date + setTimeout));'),
    );
    expect(summary.metrics.messages_delivered).toBe(2);
  });
});

describe('an error that the firmware does not catch', () => {
  it.each([
    ['in app()', "throw new Error('no sensor');", 'no sensor'],
    ['in a timer', "hal.clock.setTimeout(() => { throw new Error('sensor gone'); }, 3000);", 'sensor gone'],
    [
      'at a message',
      "channel.onMessage((text) => JSON.parse(text)); hal.clock.setTimeout(() => channel.send('x'), 5000);",
      'not valid JSON',
    ],
    [
      'when Wi-Fi has joined',
      "const join = () => hal.wifi.connect(config.wifi.SSID, config.wifi.password, () => { throw new Error('joined'); }); hal.clock.setTimeout(join, 0);",
      'joined',
    ],
    ['in code that its own code called', 'const list: string[] = []; list[0].trim();', 'Cannot read properties of undefined'],
  ])('is told by line: %s', async (_, line, message) => {
    const { summary } = await play(appWith(line));
    const [error] = summary.errors;
    expect(error.message).toContain(message);
    expect(error.at).toMatch(/\/app\.ts:5$/);
    expect(summary.metrics.board_errors).toBeGreaterThanOrEqual(2);
    expect(summary.checks.find(({ ok }) => !ok)).toMatchObject({
      name: 'no-uncaught-error',
      detail: expect.stringContaining('(app.ts:5)'),
    });
  });

  it('gives the same trace wherever the app lies, and whatever reads its stack', async () => {
    const source = appWith(
      "hal.clock.setTimeout(() => { const e = new Error('x'); if (e.stack === '') channel.send(''); throw e; }, 3000);",
    );
    const [a, b] = [await play(source), await play(source)];
    expect(a.summary.trace_hash).toBe(b.summary.trace_hash);
    expect(a.summary.errors[0].at).not.toBe(b.summary.errors[0].at);
    expect(a.summary.errors[0].at).toMatch(/app\.ts:5$/);
  });
});

describe('promises', () => {
  const SLEEP = 'const sleep = (): Promise<void> => new Promise((done) => void hal.clock.setTimeout(done, 100));';
  const tenAWhile = {
    callbacks: "function tick(): void { channel.send('x'); hal.clock.setTimeout(tick, 100); } tick();",
    promises: `${SLEEP} function tick(): void { channel.send('x'); void sleep().then(() => undefined).then(tick); } tick();`,
    async: `${SLEEP} void (async () => { for (;;) { channel.send('x'); await sleep(); } })();`,
    queued: "function tick(): void { channel.send('x'); hal.clock.setTimeout(() => queueMicrotask(tick), 100); } tick();",
  };

  it.each(['ideal', 'espruino-esp32', 'micropython-esp32'] as const)(
    'go on in virtual time: as many messages as with callbacks (%s)',
    async (device) => {
      const sent = Object.values(tenAWhile).map(async (line) => (await play(appWith(line), { device })).summary);
      const [callbacks, ...others] = await Promise.all(sent);
      expect(callbacks.metrics.messages_sent).toBeGreaterThan(200);
      for (const { metrics, errors } of others) {
        expect(metrics.messages_sent).toBe(callbacks.metrics.messages_sent);
        expect(metrics.messages_delivered).toBe(callbacks.metrics.messages_delivered);
        expect(errors).toEqual([]);
      }
    },
  );

  it('settle before the next handler of the board, also where handlers take no time', async () => {
    const files = scratch();
    const order = `for (const name of ['a', 'b', 'c']) hal.clock.setTimeout(() => { hal.log.line(name); void Promise.resolve().then(() => hal.log.line(name + ' then')); }, 1000);`;
    const firmware = await loadFirmware(files.write('app.ts', appWith(order)));
    const lines: string[] = [];
    await run(makeScenario({ duration: 5000, boards: { count: 1 } }), firmware, {
      traceLevel: 'message',
      onTraceLine: (line) => {
        const { event, line: text } = JSON.parse(line) as { event: string; line: string };
        if (event === 'board.log' && /^[abc]/.test(text)) lines.push(text);
      },
    });
    expect(lines.filter((line) => !line.startsWith('channel'))).toEqual(['a', 'a then', 'b', 'b then', 'c', 'c then']);
  });

  it('give the same trace again', async () => {
    const [a, b] = [await play(appWith(tenAWhile.async)), await play(appWith(tenAWhile.async))];
    expect(a.summary.trace_hash).toBe(b.summary.trace_hash);
  });
});

it('that is watched gives the same trace as when it is not, and so it does where every handler is followed by a turn', async () => {
  const kits = readFileSync('firmware/apps/sos.ts', 'utf8');
  const source = kits.replace('../channel/index.ts', 'firmware/channel').replace('../config.ts', 'firmware/config');
  const scenario = makeScenario({ duration: 60_000, boards: { count: 3, device: 'espruino-esp32' }, link: { loss: 0.1 } });
  const hashes = [source, `${source}\nexport const unused = (): Promise<void> => Promise.resolve();\n`, null].map(async (text) => {
    const firmware = await loadFirmware(text === null ? 'firmware/apps/sos.ts' : scratch().write('app.ts', text));
    return (await run(scenario, firmware)).summary.trace_hash;
  });
  expect(new Set(await Promise.all(hashes)).size).toBe(1);
});

it("the kit's own apps are those that are named so", async () => {
  const apps = readdirSync(join('firmware', 'apps')).filter((name) => !name.endsWith('.test.ts'));
  expect(apps.sort()).toEqual(KIT_APPS.map((name) => `${name}.ts`));
  expect((await loadFirmware('firmware/apps/echo.ts')).hosted?.supervision).toBeNull();
});
