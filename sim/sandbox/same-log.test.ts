/**
 * An app with variables at its top level says the same on each board of a fleet, on this computer (`firmware
 * run`), and in a real Espruino.
 *
 * The last needs ESPRUINO, the path of an engine for this computer, and is reported as skipped without it.
 */
import { buildProgram } from 'firmware/build/build';
import { loadApp } from 'firmware/cli/load-app';
import { runApp } from 'firmware/cli/run-app';
import { Engine, ESPRUINO } from 'firmware/testing/espruino';
import { MemoryFiles } from 'hal/node';
import { register } from 'tsx/cjs/api';
import { expect, it, onTestFinished } from 'vitest';
import { scratch } from '../cli/testing/scratch.ts';
import { run } from '../run/run.ts';
import { makeScenario } from '../testing/scenario.ts';
import { loadFirmware } from './load-firmware.ts';

register();

const BOARDS = 50;
const LIMIT_MS = 60_000;
/** Counts its starts and its ticks where a module keeps them. */
const APP = `import type { Hal } from 'hal';
let starts = 0;
const ticks: number[] = [];
export function app({ clock, log }: Hal): void {
  starts++;
  const tick = (): void => {
    ticks.push(ticks.length + starts);
    log.line('start ' + starts + ', ticks ' + ticks.join(' '));
    if (ticks.length < 3) clock.setTimeout(tick, 10);
    else log.event('channel.state', 'waiting', '', 0);
  };
  clock.setTimeout(tick, 10);
}
`;
const LINES = ['start 1, ticks 1', 'start 1, ticks 1 2', 'start 1, ticks 1 2 3'];

it('on fifty boards and on this computer', async () => {
  const file = scratch().write('app.ts', APP);
  const byBoard: Record<string, string[]> = Object.fromEntries(Array.from({ length: BOARDS }, (_, index) => [`board-${index + 1}`, []]));
  const scenario = makeScenario({ duration: 5_000, boards: { count: BOARDS, firmware: file, boot_spread: 0 } });
  await run(scenario, await loadFirmware(file), {
    traceLevel: 'message',
    onTraceLine: (text) => {
      const { event, board, line } = JSON.parse(text);
      if (event === 'board.log') byBoard[board].push(line);
    },
  });
  expect(Object.values(byBoard)).toEqual(Array.from({ length: BOARDS }, () => LINES));

  const out: string[] = [];
  const io = { out: (text: string) => void out.push(text), err() {} };
  await runApp({ app: loadApp(file), flash: new MemoryFiles({ 'config.json': '{}' }), pins: false, once: true }, io);
  expect(out.join('').trimEnd().split('\n')).toEqual(LINES);
});

it.skipIf(ESPRUINO === undefined)('in Espruino', { timeout: LIMIT_MS }, async () => {
  const { code } = await buildProgram(scratch().write('app.ts', APP), '{"server":"ws://127.0.0.1:1/"}');
  const engine = new Engine(code);
  onTestFinished(() => engine.stop());
  await expect.poll(() => engine.console, { timeout: LIMIT_MS / 2 }).toContain(LINES[2]);
  expect([...engine.console.matchAll(/start [^\r\n]*/g)].map(([line]) => line)).toEqual(LINES);
});
