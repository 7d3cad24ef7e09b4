/** The kit's weathers: each a file that loads and plays, by `--weather` and by `link: { preset: … }`. */
import { readdirSync } from 'node:fs';
import { app } from 'firmware/apps/sos';
import { expect, it } from 'vitest';
import { DEFAULT_LINK } from '../../net/link/settings.ts';
import { run } from '../../run/run.ts';
import { describeScenario } from '../../scenario/describe.ts';
import { drawnSteps } from '../../scenario/drawn-steps.ts';
import { WEATHERS } from '../../scenario/weathers.ts';
import { sim } from '../testing/capture.ts';
import { scratch } from '../testing/scratch.ts';
import { readWeather } from './weather.ts';

const DAY_MS = 86_400_000;

it('are the files of scenarios/weather', () => {
  const files = readdirSync('scenarios/weather').filter((file) => file.endsWith('.yaml'));
  expect(files.sort()).toEqual(WEATHERS.map((name) => `${name}.yaml`).sort());
});

it.each(WEATHERS)('%s says what its link is, has weather in a day, and breaks no check', async (name) => {
  const weather = readWeather(name);
  expect(weather.name).toBe(name);
  expect(weather.about).not.toBe('');
  expect(weather.link).not.toEqual(DEFAULT_LINK);
  expect(drawnSteps({ ...weather, durationMs: 5 * DAY_MS }).length).toBeGreaterThan(2);
  expect(describeScenario(weather)).toContain('about every');
  const { summary } = await run({ ...weather, boards: { ...weather.boards, count: 3 }, durationMs: 900_000 }, app);
  expect(summary.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(summary.metrics.connects).toBeGreaterThanOrEqual(3);
});

it('is played by --weather, under the other flags of the link, and again by the line that says so', async () => {
  const files = scratch();
  const words = ['--boards', '2', '--duration', '5m', '--json', '--no-report', '--no-trace', '--out', files.path('out')];
  const play = async (...more: string[]) => JSON.parse((await sim(...words, ...more)).out) as { trace_hash: string; replay: string };
  const train = await play('--weather', 'train');
  expect(train.replay).toBe('npx tsx sim --boards 2 --weather train --duration 5m');
  expect((await play('--weather', 'train')).trace_hash).toBe(train.trace_hash);
  expect((await play()).trace_hash).not.toBe(train.trace_hash);
  const slow = await play('--weather', 'train', '--rate', '1kbit');
  expect(slow.trace_hash).not.toBe(train.trace_hash);
  const file = files.write(
    't.yaml',
    `version: 1\nduration: 5m\nboards: { count: 2 }\nlink: { preset: train }\nsteps: [{ include: ${process.cwd()}/scenarios/weather/train.yaml }]\n`,
  );
  const scenario = JSON.parse((await sim('replay', file, '--json', '--no-report', '--no-trace', '--out', files.path('b'))).out) as {
    trace_hash: string;
  };
  expect(scenario.trace_hash).toBe(train.trace_hash);
});

it('that is none is answered with what was meant', async () => {
  const { exitCode, err } = await sim('--weather', 'trian');
  expect([exitCode, err]).toEqual([
    2,
    expect.stringContaining('--weather: expected one of home, office, warehouse, train, lte, satellite, got "trian" (did you mean train?)'),
  ]);
});
