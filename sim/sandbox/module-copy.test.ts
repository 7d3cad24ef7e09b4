/**
 * Each board has the app's modules for itself, from one boot to the next: their variables, timers, dates and
 * chance.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from 'tsx/cjs/api';
import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/testing/scratch.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { loadFirmware } from './load-firmware.ts';

register();

const FOR_BOARDS = ['hal', 'hal/simulated', 'firmware', 'firmware/apps', 'firmware/channel', 'firmware/websocket'];

/** What each board prints, in order, of an app whose `app` does `line`. */
async function printed(line: string, document: ScenarioDocument = {}, top = '', more: Record<string, string> = {}): Promise<string[][]> {
  const files = scratch();
  for (const [name, text] of Object.entries(more)) files.write(name, text);
  const file = files.write('app.ts', `${top}\nimport type { Hal } from 'hal';\nexport function app(hal: Hal): void {\n  ${line}\n}\n`);
  const scenario = makeScenario({
    duration: 10_000,
    ...document,
    boards: { count: 2, firmware: file, boot_spread: 0, ...document.boards },
  });
  const lines: string[][] = Array.from({ length: scenario.boards.count }, () => []);
  const onTraceLine = (text: string): void => {
    const { event, board, line } = JSON.parse(text) as { event: string; board: string; line: string };
    if (event === 'board.log') lines[Number(board.slice(board.lastIndexOf('-') + 1)) - 1].push(line);
    if (event === 'board.error') throw new Error(text);
  };
  await run(scenario, await loadFirmware(file), { traceLevel: 'message', onTraceLine });
  return lines;
}

const COUNT = 'boots++; words.push(String(boots)); list.n++; hal.log.line([boots, words.length, list.n, count()].join(" "));';
const TOP = `import list from './list.json';
import { count } from './count';
let boots = 0;
const words: string[] = [];`;
const MODULES = { 'list.json': '{"n": 0}', 'count.js': 'var counted = 0;\nexports.count = function () { return ++counted; };\n' };

describe('the variables of an app’s modules', () => {
  it('are fifty boards’, not one fleet’s', async () => {
    const lines = await printed(`${COUNT} ${COUNT}`, { boards: { count: 50 } }, TOP, MODULES);
    expect(lines).toEqual(Array.from({ length: 50 }, () => ['1 1 1 1', '2 2 2 2']));
  });

  it('are gone after a reset, and each board’s own also where one resets more often', async () => {
    const steps = [
      { at: 3_000, action: 'board.reset', parameters: {} },
      { at: 6_000, action: 'board.reset', boards: { kind: 'ids', ids: ['board-1'] }, parameters: {} },
    ];
    const lines = await printed(COUNT, { steps } as ScenarioDocument, TOP, MODULES);
    expect(lines.map((each) => each.length).sort()).toEqual([2, 3]);
    expect(new Set(lines.flat())).toEqual(new Set(['1 1 1 1']));
  });

  it('may be the global object’s', async () => {
    const line = `const all = globalThis as any; all.seen = (all.seen ?? 0) + 1; hal.log.line(String(all.seen));`;
    expect(await printed(line)).toEqual([['1'], ['1']]);
    expect('seen' in globalThis).toBe(false);
  });

  it('must be declared', async () => {
    await expect(printed('unheard();', {}, '', {}).catch((error: Error) => error.message)).resolves.toContain('unheard is not defined');
    const top = `import { count } from './count';`;
    const leak = { 'count.js': 'exports.count = function () { leaked = 1; };\n' };
    await expect(printed('count();', {}, top, leak)).rejects.toThrow('leaked is not defined');
  });
});

describe('what every board has and a computer too', () => {
  it.each([
    ['setTimeout(() => hal.log.line(String(hal.clock.now())), 250);', ['250']],
    ['setTimeout((a: string, b: string) => hal.log.line(a + b), 5, "x", "y");', ['xy']],
    [
      'const id = setInterval(() => { hal.log.line(String(hal.clock.now())); if (hal.clock.now() > 29) clearInterval(id); }, 10);',
      ['10', '20', '30'],
    ],
    ['clearTimeout(setInterval(() => hal.log.line("no"), 10)); setTimeout(() => hal.log.line("yes"), 20);', ['yes']],
    ['setTimeout(() => hal.log.line("no"), 10); clearTimeout(); hal.log.line("yes");', ['yes']],
    [
      'try { clearTimeout(undefined); } catch (error) { hal.log.line((error as Error).message); }',
      ['clearTimeout(undefined) not allowed. Use clearTimeout() instead'],
    ],
    [
      'const a = Date.now(); setTimeout(() => hal.log.line([Date.now() - a, new Date().getTime() - a, new Date() instanceof Date].join()), 1000);',
      ['1000,1000,true'],
    ],
    ['hal.log.line(String(Date.now() === hal.wallClock.now()));', ['true']],
  ])('is the board’s own, in virtual time: %s', async (line, expected) => {
    expect(await printed(line, { boards: { count: 1 } })).toEqual([expected]);
  });

  it('does not outlive a reset', async () => {
    const line = 'setInterval(() => hal.log.line(String(hal.clock.now())), 4_000);';
    const steps = [{ at: 6_000, action: 'board.reset', parameters: {} }];
    expect(await printed(line, { boards: { count: 1 }, steps } as ScenarioDocument)).toEqual([['4000', '4000']]);
  });

  it('draws numbers that are another board’s others, and the same again', async () => {
    const line = 'hal.log.line(String(Math.random())); hal.log.line(String(Math.max(1, 2)));';
    const [first, second] = await printed(line);
    expect(Number(first[0])).toBeGreaterThanOrEqual(0);
    expect(Number(first[0])).toBeLessThan(1);
    expect(first[0]).not.toBe(second[0]);
    expect(first[1]).toBe('2');
    expect(await printed(line)).toEqual([first, second]);
  });

  it('catches up after a block, as Espruino’s interval does', async () => {
    const line = `let n = 0; const id = setInterval(() => { hal.log.line(String(Math.round(hal.clock.now() / 10) * 10)); if (++n === 5) clearInterval(id); }, 100);
  setTimeout(() => { hal.net.connect('10.255.255.1', 9, { onConnect() {}, onData() {}, onDrain() {}, onClose() {} }); }, 150);`;
    const [lines] = await printed(line, { boards: { count: 1, device: 'espruino-esp32' }, duration: 60_000 });
    expect(lines.length).toBe(5);
  });
});

describe('the kit’s own modules for boards, which all boards share', () => {
  it('have no variables', () => {
    const files = FOR_BOARDS.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
    expect(sources.length).toBeGreaterThan(40);
    const variables = sources.filter((file) => /^(export )?(let|var) /m.test(readFileSync(file, 'utf8')));
    expect(variables).toEqual([]);
  });

  it('export values that nobody changes', async () => {
    const top = `import { DEFAULT_CONFIG } from 'squall-kit/firmware';`;
    const line = 'try { (DEFAULT_CONFIG as any).backoff.min_ms = 1; } catch { hal.log.line("read-only"); }';
    expect(await printed(line, {}, top)).toEqual([['read-only'], ['read-only']]);
  });
});
