/**
 * The sensor app with the same sensor in a real engine and on this computer: both say the same.
 *
 * Needs ESPRUINO, the path of an engine for this computer, and is reported as skipped without it.
 */
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { ROOM } from 'hal/bench/air';
import { Sht31 } from 'hal/bench/sht31';
import { createNodeBoard, NodeBench, unlessStopped } from 'hal/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { app } from '../apps/sensor.ts';
import { boot } from '../boot.ts';
import { FOR_THE_ENGINE } from '../build/bundle.ts';
import { toEspruino } from '../build/transform.ts';
import { ESPRUINO, startApp } from '../testing/espruino.ts';

const SLOW_MS = 60_000;

/** Acknowledges as the relay does. */
async function startServer(): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.on('message', () => socket.send('Server got your message!')));
  await new Promise<void>((done) => server.once('listening', done));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What an ESP32 and a sensor on its bus are to the engine. */
async function hardware(): Promise<string> {
  const contents = `
    import { ROOM } from 'hal/bench/air';
    import { Sht31 } from 'hal/bench/sht31';
    import { connectI2c } from './hal-conformance/engine-hardware.ts';
    connectI2c(0x44, new Sht31(() => ROOM));
    globalThis.ESP32 = { getWakeupCause: () => 0, deepSleep: (us) => console.log('asleep for ' + us) };`;
  const resolveDir = resolve(__dirname, '../testing');
  const { outputFiles } = await build({ stdin: { contents, resolveDir, loader: 'ts' }, ...FOR_THE_ENGINE, write: false });
  return toEspruino(outputFiles[0].text);
}

/** Lines of app and channel, without what the console puts around them. */
function linesOf(console: string): string[] {
  return [...console.matchAll(/(?:sensor|channel): [^\r\n]*/g)].map(([line]) => line);
}

describe.skipIf(ESPRUINO === undefined)('the sensor app in Espruino', () => {
  it('says what it says on this computer', { timeout: SLOW_MS }, async () => {
    const server = await startServer();
    const engine = await startApp('sensor', server, {}, await hardware());
    onTestFinished(() => engine.stop());
    await expect.poll(() => engine.console, { timeout: SLOW_MS / 2 }).toContain('asleep for 600000000');

    const lines: string[] = [];
    const bench = new NodeBench();
    bench.i2c.connect(0x44, new Sht31(() => ROOM));
    const files = { 'config.json': JSON.stringify({ client_id: 'engine', server }) };
    const board = createNodeBoard({ files, bench, log: { line: (text) => lines.push(text), event() {} } });
    onTestFinished(() => board.switchOff());
    unlessStopped(() => boot(board.hal, app));
    await expect.poll(() => lines, { timeout: SLOW_MS / 2 }).toContain('sensor: sleeps');

    const shown = linesOf(engine.console);
    expect(shown.slice(0, shown.indexOf('sensor: sleeps') + 1)).toEqual(linesOf(lines.join('\n')));
    expect(shown).toContain('sensor: 1 21.5 45');
  });
});
