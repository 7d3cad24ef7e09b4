/** Boards whose supply fails them. */
import fc from 'fast-check';
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { CALIBRATION_MS, resetChanceOf } from '../../board/supply.ts';
import type { ScenarioDocument, StepDocument } from '../../scenario/settings.ts';
import { makeScenario } from '../../testing/scenario.ts';
import { run } from '../run.ts';

const ALL = { kind: 'all' } as const;

async function metricsOf(steps: StepDocument[], document: ScenarioDocument = {}): Promise<Record<string, unknown>> {
  const { summary } = await run(makeScenario({ duration: 180_000, steps, ...document }), app);
  expect(summary.checks.filter(({ ok }) => !ok)).toEqual([]);
  return summary.metrics;
}

describe('a supply that sags', () => {
  const brownout: StepDocument = { at: 30_000, action: 'board.brownout', boards: ALL, for: 60_000, parameters: {} };

  it('leaves alone who has joined', async () => {
    expect((await metricsOf([brownout])).brownouts).toBe(0);
  });

  it('is told in the words of the boot log', async () => {
    const lines: string[] = [];
    const steps = [{ ...brownout, at: 0 }];
    await run(makeScenario({ steps }), app, {
      traceLevel: 'state',
      onTraceLine: (line) => void (line.includes('board.brownout') && lines.push(line)),
    });
    expect(JSON.parse(lines[1])).toMatchObject({ event: 'board.brownout', reset: 'rst:0xf (RTCWDT_BROWN_OUT_RESET)' });
  });

  it('resets who joins, again and again until it is firm', async () => {
    const metrics = await metricsOf([
      brownout,
      { at: 40_000, action: 'station.deauth', boards: { kind: 'count', count: 2 }, parameters: {} },
    ]);
    expect(metrics.brownouts).toBeGreaterThan(20);
    expect(metrics.board_resets).toBe(metrics.brownouts);
    expect(metrics.connects).toBe(7);
  });

  it('is at each board’s own luck when a share of joins fails', async () => {
    const weak = { ...brownout, at: 0, for: 90_000, parameters: { chance: 0.5 } };
    const { brownouts, connects } = await metricsOf([weak]);
    expect(brownouts).toBeGreaterThan(0);
    expect(connects).toBe(5);
  });
});

it('whenever and however long a supply sags, each reset is a brownout of that time, and all boards come back', async () => {
  const sag = fc.record({
    at: fc.integer({ min: 0, max: 40_000 }),
    for: fc.integer({ min: 1_000, max: 20_000 }),
    chance: fc.double({ min: 0.1, max: 1, noNaN: true }),
    joinsAnew: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(sag, fc.nat(1_000), async ({ at, for: lastsMs, chance, joinsAnew }, seed) => {
      const resetsMs: number[] = [];
      const back = { at: 75_000, action: 'expect', boards: ALL, parameters: { expect: 'channel.open', within: 14_000 } };
      const steps: StepDocument[] = [back, { at, action: 'board.brownout', boards: ALL, for: lastsMs, parameters: { chance } }];
      if (joinsAnew) steps.push({ at: at + 500, action: 'station.deauth', boards: ALL, parameters: {} });
      const scenario = makeScenario({ seed, duration: 90_000, boards: { count: 3 }, steps });
      const { summary } = await run(scenario, app, {
        traceLevel: 'state',
        onTraceLine: (line) => {
          const { event, t } = JSON.parse(line);
          if (event === 'board.brownout') resetsMs.push(t);
        },
      });
      const { metrics } = summary;
      expect(metrics.board_resets).toBe(resetsMs.length);
      // The radio's calibration may be over after the sag itself.
      for (const atMs of resetsMs) expect(atMs >= at && atMs <= at + lastsMs + CALIBRATION_MS).toBe(true);
      expect(metrics.connects).toBeGreaterThanOrEqual(3);
      expect(summary.checks.filter(({ ok }) => !ok)).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

describe('a battery', () => {
  it('sags the more often the emptier it is, and never above its knee', () => {
    expect([1, 0.3, 0.15, 0, -1].map(resetChanceOf)).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('that is nearly empty keeps its board while it stays, and not when it has to come back', async () => {
    const battery: StepDocument = { at: 0, action: 'board.battery', boards: ALL, parameters: { charge: 0.5, lasts: 120_000 } };
    expect((await metricsOf([battery])).brownouts).toBe(0);
    const gone: StepDocument = { at: 120_000, action: 'station.deauth', boards: ALL, parameters: {} };
    expect((await metricsOf([battery, gone])).brownouts).toBeGreaterThan(20);
  });
});

describe('power that comes back', () => {
  async function boots(parameters: Record<string, unknown>): Promise<number[]> {
    const times: number[] = [];
    const scenario = makeScenario({
      boards: { count: 8 },
      steps: [{ at: 30_000, action: 'board.power_cycle', boards: ALL, for: 2_000, parameters }],
    });
    await run(scenario, app, {
      traceLevel: 'state',
      onTraceLine: (line) => {
        const { event, t, count } = JSON.parse(line);
        if (event === 'board.boot' && count === 2) times.push(t);
      },
    });
    return times;
  }

  it('comes to all in the same moment, as after a power cut', async () => {
    expect(new Set(await boots({}))).toEqual(new Set([32_000]));
  });

  it('comes to each at its own within the spread', async () => {
    const times = await boots({ spread: 10_000 });
    expect(new Set(times).size).toBe(8);
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(32_000);
      expect(time).toBeLessThanOrEqual(42_000);
    }
  });
});
