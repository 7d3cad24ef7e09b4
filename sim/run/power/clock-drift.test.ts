/** Boards whose clocks are wrong, each by its own error. */
import type { FirmwareApp } from 'firmware/boot';
import { expect, it } from 'vitest';
import { loadScenario } from '../../scenario/document/load.ts';
import type { ScenarioDocument } from '../../scenario/settings.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { run } from '../run.ts';

const SLEEP_MS = 600_000;
const BOARDS = 20;

/** Says what its calendar says after an hour awake, and then sleeps again and again. */
const app: FirmwareApp = ({ clock, wallClock, system, power, log }) => {
  if (system.resetReason() === 'deep_sleep') log.line(`slept ${wallClock.now()}`);
  const sleep = (): void => power.deepSleep(SLEEP_MS);
  if (system.resetReason() !== 'power_on') sleep();
  else
    clock.setTimeout(() => {
      log.line(`awake ${wallClock.now()}`);
      sleep();
    }, 3_600_000);
};

type Drift = NonNullable<ScenarioDocument['boards']>['clock_drift'];

/** By board: when it said each of its lines, ms, and what its calendar was then. */
async function lines(clockDrift: Drift, count = BOARDS, seed = 1): Promise<{ atMs: number; epochMs: number }[][]> {
  const said: { atMs: number; epochMs: number }[][] = Array.from({ length: count }, () => []);
  const boards = { count, device: 'ideal', boot_spread: 0, clock_drift: clockDrift } as const;
  await run(makeScenario({ duration: 3_600_000 + 3 * SLEEP_MS, seed, boards }), app, {
    traceLevel: 'message',
    onTraceLine: (line) => {
      const { event, board, t, line: text } = JSON.parse(line);
      if (event === 'board.log' && /^(awake|slept)/.test(text))
        said[Number(board.slice('board-'.length)) - 1].push({ atMs: t, epochMs: Number(text.split(' ')[1]) });
    },
  });
  return said;
}

const spreadOf = (values: number[]): number => Math.max(...values) - Math.min(...values);

it('are right unless somebody says otherwise', async () => {
  const said = await lines('none');
  expect(new Set(said.map((one) => one[0].atMs))).toEqual(new Set([3_600_000]));
  expect(new Set(said.map((one) => one[2].atMs - one[1].atMs))).toEqual(new Set([SLEEP_MS]));
});

it('have crystals and slow clocks within what the profile says, and all of it is used', async () => {
  const said = await lines('profile');
  const awake = said.map((one) => (one[0].atMs / 3_600_000 - 1) * 1e6);
  const slept = said.map((one) => (one[2].atMs - one[1].atMs) / SLEEP_MS - 1);
  for (const ppm of awake) expect(Math.abs(ppm)).toBeLessThan(10.01);
  expect(spreadOf(awake)).toBeGreaterThan(10);
  for (const share of slept) expect(Math.abs(share)).toBeLessThan(0.053);
  expect(spreadOf(slept)).toBeGreaterThan(0.05);
  // A board believes its clocks: by its calendar it has slept for exactly as long as it wanted to.
  for (const one of said) expect(one[2].epochMs - one[1].epochMs).toBeCloseTo(SLEEP_MS, 1);
});

it('are nobody else’s luck: one board more changes no other’s', async () => {
  const [few, more] = [await lines(20, 3), await lines(20, 4)];
  expect(more.slice(0, 3)).toEqual(few);
  expect(await lines(20, 3, 2)).not.toEqual(few);
});

it.each([
  ['profile', 'profile'],
  ['20ppm', 20],
  ['0.5ppm', 0.5],
  ['none', 'none'],
])('a scenario says how wrong they are: %s', (text, expected) => {
  const { scenario } = loadScenario('s.yaml', `version: 1\nboards: { clock_drift: ${text} }\n`);
  expect(scenario?.boards.clockDrift).toBe(expected);
});

it.each(['0ppm', '20000ppm', '20', 'yes', '-5ppm'])('but not %s', (text) => {
  const { errors } = loadScenario('s.yaml', `version: 1\nboards: { clock_drift: ${text} }\n`);
  expect(errors).toEqual([expect.stringContaining('expected none, profile, or the most that crystals are off (20ppm)')]);
});
