import { describe, expect, it } from 'vitest';
import { describeScenario } from './describe.ts';
import { documentOf } from './document/document-of.ts';
import { loadScenario } from './document/load.ts';
import { readDocument } from './document/read-document.ts';
import { drawnSteps } from './drawn-steps.ts';
import type { Scenario } from './scenario.ts';

function scenario(steps: string, duration = '2h'): Scenario {
  const { scenario, errors } = loadScenario('s.yaml', `version: 1\nduration: ${duration}\nsteps:\n${steps}\n`);
  if (scenario === null) throw new Error(errors.join('\n'));
  return scenario;
}

const RANDOM = '  - { at: 1m, every: { mean: 5m, spread: exponential }, action: link.blackhole, for: { p50: 20s, p99: 2m } }';

describe('steps that are drawn', () => {
  it('are other ones for each seed, the same for the same, between their beginning and the end of the run', () => {
    const one = scenario(RANDOM);
    const steps = drawnSteps(one);
    expect(steps).toEqual(drawnSteps(one));
    expect(drawnSteps({ ...one, seed: 2 })).not.toEqual(steps);
    expect(steps.length).toBeGreaterThan(12);
    expect(steps.length).toBeLessThan(40);
    expect(new Set(steps.map(({ forMs }) => forMs)).size).toBe(steps.length);
    for (const { atMs, forMs } of steps) expect(atMs > 60_000 && atMs <= one.durationMs && forMs >= 1).toBe(true);
  });

  it('leave the others as they are, and their luck alone', () => {
    const fixed = scenario('  - { at: 10s, action: ap.down, for: 5s, every: 30m }');
    expect(drawnSteps(fixed)).toBe(fixed.steps);
    const both = scenario(`  - { at: 10s, action: ap.down, for: 5s }\n${RANDOM}`);
    const more = scenario(`  - { at: 10s, action: ap.down, for: { min: 1s, max: 5s } }\n${RANDOM}`);
    expect(drawnSteps(more).slice(1)).toEqual(drawnSteps(both).slice(1));
  });

  it('happen so often at most, and leave what is expected its time', () => {
    expect(drawnSteps(scenario(RANDOM.replace('action:', 'times: 3, action:')))).toHaveLength(3);
    const expects = scenario('  - { at: 0s, every: { min: 1m, max: 2m }, expect: channel.open, within: 9m }', '10m');
    for (const { atMs } of drawnSteps(expects)) expect(atMs).toBeLessThanOrEqual(60_000);
  });

  it('are the same after a recording: what is written down is not what was drawn', () => {
    const one = scenario(RANDOM);
    const again = readDocument(JSON.parse(JSON.stringify(documentOf(one))), []).scenario;
    expect(again?.steps).toEqual(one.steps);
  });

  it('are told as what they are', () => {
    expect(describeScenario(scenario(RANDOM))).toContain(
      'From 1m on, about every 5m at random, packets vanish (all boards), each time for 20s or less in half of the cases, 2m or less in 99 of 100.',
    );
  });

  it('are refused where they would be too many, with their place', () => {
    const { errors } = loadScenario(
      's.yaml',
      'version: 1\nduration: 10h\nsteps:\n  - { at: 0s, every: { mean: 1s }, action: link.reset }\n',
    );
    expect(errors).toEqual([expect.stringContaining('s.yaml:4:22: steps.0.every: expected at most 10000 steps')]);
  });
});
