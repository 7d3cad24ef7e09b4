/**
 * What programs of all kinds hold in an engine's variables, run from Storage with their channel open, beside
 * what is counted for the budget.
 *
 * Needs ESPRUINO, the path of an engine for this computer, and is reported as skipped without it. The count
 * is for variables of 14 bytes, as an ESP32 has them; an engine with bigger ones needs fewer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { buildProgram } from '../build/build.ts';
import { countVariables } from '../build/variables.ts';
import { Engine, ESPRUINO, memoryOf, printMemory } from '../testing/espruino.ts';

/** Of what is counted: in an engine whose variables have 14 bytes, and in others. */
const HELD_MIN = { 14: 0.85, other: 0.55 };
const HELD_MAX = 1;
const LOOK_EVERY_MS = 100;

const folder = mkdtempSync(join(tmpdir(), 'firmware-budget-'));
afterAll(() => rmSync(folder, { recursive: true }));

const times = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at));

/** What an app has beside its channel, and what it does with that for a message. */
const APPS: Record<string, [held: string, used: string]> = {
  nothing: ['', ''],
  'a table of numbers': [`const T = [${times(1500, (at) => `${(at * 7) % 5000}`)}];`, 'hal.log.line(String(T[t.length]));'],
  'a table of big numbers': [`const T = [${times(800, (at) => `${at * 70_001}`)}];`, 'hal.log.line(String(T[t.length]));'],
  texts: [
    `const T: Record<string, string> = {${times(150, (at) => `key${at}: 'a message of about forty characters ${at}'`)}};`,
    'hal.log.line(String(T[t]));',
  ],
  objects: [
    `const T = [${times(150, (at) => `{ id: ${at}, name: 'thing ${at}', on: true, level: ${at}.5 }`)}];`,
    'hal.log.line(T[t.length].name);',
  ],
  classes: [
    `${times(
      40,
      (at) =>
        `class C${at} { private n = ${at}; private readonly l = 'thing'; add(m: number): number { return (this.n += m); } name(): string { return this.l + this.n; } }`,
    ).join('\n')}const T = [${times(40, (at) => `new C${at}()`)}];`,
    'hal.log.line(T[t.length].name() + T[0].add(2));',
  ],
  functions: [
    [
      ...times(200, (at) => `function f${at}(a: number, b: number): number { return a * ${at} + b * f${Math.max(0, at - 1)}(b, a); }`),
      `const T = [${times(200, (at) => `f${at}`)}];`,
    ].join('\n'),
    'hal.log.line(String(T[t.length](1, 2)));',
  ],
};

async function startServer(): Promise<{ opened: number; url: string }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const counter = { opened: 0, url: '' };
  server.on('connection', () => counter.opened++);
  await new Promise<void>((done) => server.once('listening', done));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return Object.assign(counter, { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/` });
}

/** Variables in use as soon as the channel is open, and the bytes of one. */
async function heldBy(code: string, server: { opened: number }): Promise<{ variables: number; bytesEach: number }> {
  const store = `print("bytes each",process.memory().blocksize);require("Storage").write("program",${JSON.stringify(code)});`;
  // Not from a timer: each function would keep that one's scope beside its own.
  const engine = new Engine(`${store}${printMemory(LOOK_EVERY_MS)}eval(require("Storage").read("program"));`);
  onTestFinished(() => engine.stop());
  await expect.poll(() => server.opened, { timeout: 60_000, interval: LOOK_EVERY_MS }).toBe(1);
  const before = memoryOf(engine).length;
  await expect.poll(() => memoryOf(engine).length, { timeout: 60_000, interval: LOOK_EVERY_MS }).toBeGreaterThan(before + 3);
  const bytesEach = Number(/bytes each (\d+)/.exec(engine.console)?.[1]);
  return { variables: Math.min(...memoryOf(engine).slice(before)), bytesEach };
}

describe.skipIf(ESPRUINO === undefined)('in a real engine (ESPRUINO) the budget counts what a program holds', { timeout: 180_000 }, () => {
  it.each(Object.entries(APPS))('that has %s', async (name, [held, used]) => {
    const app = join(folder, `${name.replaceAll(' ', '-')}.ts`);
    const head = "import { createChannel, type DeviceConfig } from 'firmware/channel'; import type { Hal } from 'hal';";
    const start = 'export function app(hal: Hal, config: DeviceConfig): void { createChannel(hal, config).onMessage((t) => {';
    writeFileSync(app, `${head}\n${held}\n${start} hal.log.line(t); ${used} }); }`);
    const server = await startServer();
    const { code } = await buildProgram(resolve(app), JSON.stringify({ client_id: 'engine', server: server.url }));
    const { variables, bytesEach } = await heldBy(code, server);
    const share = variables / countVariables(code).total;
    expect(share).toBeGreaterThan(bytesEach === 14 ? HELD_MIN[14] : HELD_MIN.other);
    expect(share).toBeLessThan(HELD_MAX);
  });
});
