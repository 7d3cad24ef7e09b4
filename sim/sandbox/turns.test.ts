/** Code that counts its turns does what it did, says where it is by its own lines, and comes to an end. */
import { runInNewContext } from 'node:vm';
import { register } from 'tsx/cjs/api';
import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/testing/scratch.ts';
import type { RunResult } from '../measure/result.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { loadFirmware } from './load-firmware.ts';
import { countTurns, TURNS } from './turns.ts';

register();

describe('code that counts', () => {
  const WRITTEN = [
    'let n = 0; for (let i = 0; i < 3; i++) n += i; n',
    'let n = 0; for (const x of [1, 2]) for (const y in { a: 1 }) n += x; n',
    'let n = 0; do n++; while (n < 5) n',
    'let n = 5; while (n--) if (n === 2) break; n',
    'let n = 0; a: for (;;) { for (;;) { if (n++ > 3) break a; continue a; } } n',
    '[1, 2].map((x) => x * 2).concat([3].map((x) => ({ x }).x))',
    '((a, b = (() => 2)()) => (a, b))(1)',
    '(function () { "use strict"; return this; })()',
    "(function () { 'use strict'\nreturn typeof this })()",
    'class A { static s = 1; #p = () => 2; get p() { return this.#p(); } *g() { yield 1; yield 2; } } [A.s, new A().p, ...new A().g()]',
    'const o = { f() { return 1; }, get g() { return 2; }, set h(v) {}, ["i"]: function () { return 3; } }; [o.f(), o.g, o.i()]',
    'class B { constructor() { this.b = 1; } } class C extends B { constructor() { super(); this.c = 2; } } JSON.stringify(new C())',
    'const f = (x) => (y) => x + y, g = x => { for (;;) return x }; f(1)(g(2))',
    'let s = ""; for (const c of "ab") switch (c) { case "a": s += 1; default: s += 2 } s',
    'if (1) for (;;) break; else while (0); 7',
  ];

  it.each(WRITTEN)('does what it did: %s', (code) => {
    const left = 1_000;
    const turns = { left, end: () => expect.fail() };
    const plain = JSON.stringify(runInNewContext(code));
    expect(JSON.stringify(runInNewContext(countTurns(code).code, { [TURNS]: turns }))).toBe(plain);
    expect(turns.left).toBeLessThan(left);
  });

  it('is on the same lines, and knows where in them it was', () => {
    const code = 'const f = (x) => x.y, g = () => {\n  while (x()) for (;;) y();\n};';
    const counted = countTurns(code);
    const before = code.split('\n');
    counted.code.split('\n').forEach((line, index) => {
      for (const word of ['x.y', 'g =', 'x()', 'y()']) {
        if (!line.includes(word)) continue;
        expect(counted.columnBefore(index + 1, line.indexOf(word) + 1)).toBe(before[index].indexOf(word) + 1);
      }
    });
  });
});

const appWith = (line: string): string => `import type { Hal } from 'hal';
export function app(hal: Hal): void {
  ${line}
}
`;

async function play(line: string, document: ScenarioDocument = {}): Promise<RunResult['summary']> {
  const file = scratch().write('app.ts', appWith(line));
  const scenario = makeScenario({
    duration: 60_000,
    ...document,
    boards: { count: 2, device: 'espruino-esp32', firmware: file, ...document.boards },
  });
  return (await run(scenario, await loadFirmware(file))).summary;
}

describe('a handler that does not come back', () => {
  it.each([
    ['a loop', 'hal.clock.setTimeout(() => { for (;;) hal.clock.now(); }, 3000);'],
    ['a loop that catches all', 'hal.clock.setTimeout(() => { for (;;) { try { for (;;); } catch { continue; } } }, 3000);'],
    [
      'calls without end',
      'const fib = (n: number): number => n < 2 ? 1 : fib(n - 1) + fib(n - 2); hal.clock.setTimeout(() => void fib(90), 3000);',
    ],
    ['in app()', 'for (;;);'],
    ['promises', 'const again = (): void => void Promise.resolve().then(again); hal.clock.setTimeout(again, 3000);'],
    [
      'promises that catch all',
      'const again = (): void => void Promise.resolve().then(again).catch(again); hal.clock.setTimeout(again, 3000);',
    ],
    ['an asynchronous loop', 'hal.clock.setTimeout(async () => { for (;;) { try { await null; } catch { continue; } } }, 3000);'],
  ])('ends its board, and is told by its line, the same each time: %s', async (_, line) => {
    const [first, second] = [await play(line), await play(line)];
    expect(first.errors).toEqual([
      expect.objectContaining({ message: 'this handler does not come back', boards: 2, at: expect.stringMatching(/app\.ts:3$/) }),
    ]);
    expect(first.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['no-uncaught-error']);
    expect(first.metrics.board_resets).toBe(0);
    expect(second.trace_hash).toBe(first.trace_hash);
  });

  it('is ended by the watchdog that the firmware set, as often as it hangs', async () => {
    const line = 'hal.system.watchdog(5000); hal.clock.setTimeout(() => { for (;;); }, 3000);';
    const { metrics, errors } = await play(line, { boards: { count: 1 } });
    expect(metrics.watchdog_resets).toBeGreaterThan(8);
    expect(metrics.board_resets).toBe(metrics.watchdog_resets);
    expect(errors[0].message).toBe('this handler does not come back');
  });

  it('is ended by the platform’s own watchdog where it has one', async () => {
    const { metrics } = await play('hal.clock.setTimeout(() => { for (;;); }, 3000);', { boards: { count: 1, device: 'ideal' } });
    expect(metrics.watchdog_resets).toBe(7);
  });

  it('leaves the others alone', async () => {
    const line =
      "if (hal.system.uniqueId() === '240ac4000000') for (;;); else hal.clock.setTimeout(() => { throw new Error('alive'); }, 9000);";
    const { errors } = await play(line);
    expect(errors.map(({ message, boards }) => [message, boards])).toEqual([
      ['this handler does not come back', 1],
      ['alive', 1],
    ]);
  });

  it('while the module is loaded is a mistake in the file', async () => {
    const file = scratch().write('app.ts', '\nwhile (true);\nexport function app(): void {}\n');
    await expect(loadFirmware(file)).rejects.toThrow(/app\.ts:2:\d+: this handler does not come back; expected one that returns/);
  });
});
