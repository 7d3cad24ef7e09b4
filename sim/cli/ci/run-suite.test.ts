import { expect, it } from 'vitest';
import type { Summary } from '../../measure/result.ts';
import type { LoadedFile } from '../load-file.ts';
import { replayReport } from './run-suite.ts';

function fileOf(name: string): LoadedFile {
  return {
    file: `${name}.yaml`,
    scenario: { name },
    recording: null,
    field: null,
    source: 'version: 1\n',
    overrides: [],
    ports: [],
  } as never;
}

function reportOf(...ends: (0 | 3 | 130 | null)[]) {
  const files = ends.map((_, index) => fileOf(`s${index}`));
  const played = files.flatMap((file, index) => {
    const exitCode = ends[index];
    if (exitCode === null) return [];
    const metrics = { channel_availability: 1, reconnect_ms: { count: 0 }, messages_lost: 0, message_latency_ms: { p99: null } };
    const summary = { scenario: file.scenario.name, seed: 1, wall_ms: 0, metrics, checks: [], thresholds: [], verdict: 'HELD.' };
    const interrupted = exitCode === 130 ? { interrupted: true } : {};
    const rest = { isAfter: false, isCompared: false, difference: null, exitCode };
    return [[file, { summary: { ...summary, ...interrupted } as unknown as Summary, ...rest }] as const];
  });
  return replayReport(files, new Map(played), 1);
}

it.each([
  [[0], 'HELD.'],
  [[0, 0], 'HELD: 2 scenarios.'],
  [[0, 3, 0], 'FAILED: 1 of 3 scenarios: s1.'],
  [[3, 3, 3, 3, 3, 3], 'FAILED: 6 of 6 scenarios: s0, s1, s2, s3, s4, ….'],
  [[0, 130, null], 'INTERRUPTED after 1 of 3 scenarios. HELD: 1 scenario.'],
  [[130, 130], 'INTERRUPTED after 0 of 2 scenarios.'],
  [[3, null], 'INTERRUPTED after 1 of 2 scenarios. FAILED: 1 of 2 scenarios: s0.'],
] as const)('the verdict on %j is %j', (ends, verdict) => {
  expect(reportOf(...ends).verdict).toBe(verdict);
});

it('a scenario that was not reached, and one that was cut short, are no successes', () => {
  const { suites } = reportOf(0, 130, null);
  expect(suites.map(({ cases }) => cases.map(({ name, outcome }) => `${name}: ${outcome}`))).toEqual([
    ['comes to its end: held'],
    ['comes to its end: error'],
    ['comes to its end: not judged'],
  ]);
});
