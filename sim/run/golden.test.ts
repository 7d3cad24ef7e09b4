/**
 * The scenarios of the kit, held to the trace hashes in scenarios/golden: a run is a pure function of code,
 * scenario and seed.
 *
 * A change that alters a hash alters what boards do on a given seed. If that is what it is for:
 * UPDATE_GOLDEN=1 npx vitest run sim/run/golden.test.ts
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/testing/scratch.ts';
import type { Summary } from '../measure/result.ts';
import { loadScenario } from '../scenario/document/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { folderOfFile } from '../sources/folder-of-file.ts';
import { run } from './run.ts';
import { appsOf } from './testing/library.ts';

const FOLDER = 'scenarios';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

function read(file: string): Scenario {
  const path = join(FOLDER, file);
  const { scenario, errors } = loadScenario(file, readFileSync(path, 'utf8'), [], folderOfFile(path));
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}

function golden(name: string): string {
  return readFileSync(goldenFile(name), 'utf8').trim();
}

function goldenFile(name: string): string {
  return join(FOLDER, 'golden', `${name}.txt`);
}

/** A day of virtual time takes some seconds; all scenarios in turn some more. */
const LONG_RUN_MAX_MS = 180_000;

describe.each(FILES)('%s', (file) => {
  it('gives its golden hash, however few turns of the event loop a pump has, and keeps its thresholds and checks', {
    timeout: LONG_RUN_MAX_MS,
  }, async () => {
    const scenario = read(file);
    const app = appsOf(scenario);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(goldenFile(scenario.name), `${(await run(scenario, app)).summary.trace_hash}\n`);
    // With the usual number of turns they are played below.
    const { summary } = await run(scenario, app, { kernel: { turnsPerPump: 4 } });
    expect(summary.trace_hash).toBe(golden(scenario.name));
    expect([...summary.checks, ...summary.thresholds].filter(({ ok }) => !ok)).toEqual([]);
    expect(summary.thresholds.length).toBeGreaterThan(0);
  });
});

it('a fresh process gives the golden hashes too', { timeout: LONG_RUN_MAX_MS }, () => {
  const files = FILES.map((file) => join(FOLDER, file));
  const words = [
    '--import',
    'tsx',
    'sim/index.ts',
    'replay',
    ...files,
    '--json',
    '--no-report',
    '--no-trace',
    '--out',
    scratch().path('runs'),
  ];
  const { runs } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as { runs: Summary[] };
  for (const { scenario, trace_hash } of runs) expect(trace_hash).toBe(golden(scenario));
  expect(runs).toHaveLength(FILES.length);
});

it('another seed gives another hash', async () => {
  const scenario = read('smoke.yaml');
  const { summary } = await run({ ...scenario, seed: scenario.seed + 1 }, appsOf(scenario));
  expect(summary.trace_hash).not.toBe(golden(scenario.name));
});
