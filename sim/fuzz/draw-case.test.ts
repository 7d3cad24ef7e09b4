import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../scenario/document/load.ts';
import { resolve } from '../scenario/document/resolve.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ACTIONS } from '../scenario/steps/index.ts';
import { caseOf, scenarioOf } from './case.ts';
import { drawCase } from './draw-case.ts';
import { writeCase } from './write-case.ts';

function base(text?: string): Scenario {
  const { scenario } = text === undefined ? resolve({}) : loadScenario('base.yaml', text);
  if (scenario === null) throw new Error('not legal');
  return scenario;
}

const FLEET = caseOf(base());
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('a drawn case', () => {
  it('is legal, whatever the seed', () => {
    fc.assert(fc.property(seeds, (seed) => scenarioOf(drawCase(FLEET, seed)) !== null));
  });

  it('is the same for the same seed, and another for another', () => {
    expect(drawCase(FLEET, 7)).toEqual(drawCase(FLEET, 7));
    expect(drawCase(FLEET, 7).steps).not.toEqual(drawCase(FLEET, 8).steps);
  });

  it('can have every action there is, but for expect', () => {
    const drawn = Object.values(ACTIONS).filter(({ draw }) => draw !== undefined);
    expect(Object.keys(ACTIONS).filter((action) => !drawn.includes(ACTIONS[action]))).toEqual(['expect']);
    const seen = new Set(Array.from({ length: 300 }, (_, seed) => drawCase(FLEET, seed).steps.map(({ action }) => action)).flat());
    expect([...seen].sort()).toEqual(drawn.map(({ action }) => action).sort());
  });

  it('can have every way of saving power, batteries, and clocks that are wrong', () => {
    const drawn = Array.from({ length: 200 }, (_, seed) => drawCase(FLEET, seed));
    expect(new Set(drawn.map(({ link }) => (link as { power_save?: string }).power_save))).toEqual(
      new Set(['none', 'min_modem', 'max_modem']),
    );
    for (const key of ['light_sleep', 'frequency_scaling', 'battery', 'clock_drift'])
      expect(drawn.filter(({ boards }) => (boards as Record<string, unknown>)[key] !== undefined).length).toBeGreaterThan(10);
  });

  it('keeps the firmware and the steps of its base, within its boards and its time, and expects nothing', () => {
    const scenario = base(`version: 1
duration: 45s
boards: { count: 3, firmware: firmware/apps/echo.ts }
steps:
  - { at: 1s, action: link.reset, boards: [board-1, board-3] }
  - { at: 44s, expect: channel.open }
thresholds: ["connects > 99"]
`);
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = scenarioOf(drawCase(caseOf(scenario), seed)) as Scenario;
        expect(drawn.boards.firmware).toBe('firmware/apps/echo.ts');
        expect(drawn.boards.count).toBeLessThanOrEqual(3);
        expect(drawn.durationMs).toBeLessThanOrEqual(45_000);
        expect(drawn.steps[0]).toMatchObject({ atMs: 1_000, action: 'link.reset' });
        expect(drawn.steps.some(({ action }) => action === 'expect')).toBe(false);
        expect(drawn.thresholds).toEqual([]);
      }),
    );
  });

  it('is the same run when it was written to a file and read again', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const fuzzed = drawCase(FLEET, seed);
        const text = writeCase(fuzzed, { name: 'bounded-detection', detail: 'at 3 s board-1: "quoted" # and so on' });
        const { scenario, errors } = loadScenario('found.yaml', text);
        expect(errors).toEqual([]);
        expect(scenario).toEqual({
          ...scenarioOf(fuzzed),
          about: expect.stringContaining('Breaks bounded-detection: at 3 s'),
          checks: ['bounded-detection'],
        });
      }),
      // The last has a balancer that is as it is when nobody says anything.
      { numRuns: 30, examples: [[1069050904]] },
    );
  });
});
