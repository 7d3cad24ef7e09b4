/** Other luck from a time on: everything before it is to the byte as it was, from the end on all of it. */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../kernel/random.ts';
import { run } from '../run/run.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import { drawnSteps, type OtherLuck } from '../scenario/drawn-steps.ts';
import type { Scenario } from '../scenario/scenario.ts';

const DURATION_MS = 90_000;

function scenarioOf(more: Record<string, unknown> = {}): Scenario {
  const { scenario, problems } = readDocument(
    {
      version: 1,
      seed: 5,
      duration: '90s',
      boards: { count: 3 },
      link: { loss: 0.15, burst: 2, jitter: '20ms' },
      steps: [
        { at: '10s', action: 'link.blackhole', boards: '50%', every: { mean: '10s' }, for: { mean: '3s' } },
        { at: '15s', action: 'link.blackhole', boards: '30%', for: '2s' },
      ],
      ...more,
    },
    [],
  );
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

async function play(scenario: Scenario, otherLuck?: OtherLuck) {
  const lines: string[] = [];
  const { summary } = await run(scenario, app, { otherLuck, traceLevel: 'packet', onTraceLine: (line) => lines.push(line) });
  return { lines, hash: summary.trace_hash };
}

const timeOf = (line: string): number => (JSON.parse(line) as { t: number }).t;

describe('luck that changes at a time', () => {
  it.each([3_000, 20_000.5, 41_234.567])(
    'leaves every packet and event until then as it was, and not what follows (%d ms)',
    async (atMs) => {
      const scenario = scenarioOf();
      const [own, other] = [await play(scenario), await play(scenario, { atMs, seed: 77 })];
      const until = (lines: string[]) => lines.filter((line) => timeOf(line) <= atMs);
      expect(until(other.lines).length).toBeGreaterThan(20);
      expect(until(other.lines)).toEqual(until(own.lines));
      expect(other.hash).not.toBe(own.hash);
    },
  );

  it('changes nothing from the end of the run on, and at 0 is the luck of that seed', async () => {
    const scenario = scenarioOf();
    const own = await play(scenario);
    for (const atMs of [DURATION_MS, DURATION_MS + 1, 1e9]) expect((await play(scenario, { atMs, seed: 77 })).hash).toBe(own.hash);
    expect((await play(scenario, { atMs: 0, seed: 77 })).hash).toBe((await play({ ...scenario, seed: 77 })).hash);
  });

  it('is the same each time', async () => {
    const [one, two] = [await play(scenarioOf(), { atMs: 30_000, seed: 9 }), await play(scenarioOf(), { atMs: 30_000, seed: 9 })];
    expect(two.hash).toBe(one.hash);
  });
});

describe('steps that are left to chance', () => {
  const drawn = (other: OtherLuck | null) => drawnSteps(scenarioOf({ duration: '30m' }), 0, other);

  it('begin as before until then, and differ after it, with gaps that have lasted till then', () => {
    const own = drawn(null);
    const atMs = own[20].atMs + 1;
    const other = drawn({ atMs, seed: 4 });
    const [before, after] = [other.filter((step) => step.atMs <= atMs), other.filter((step) => step.atMs > atMs)];
    const numbered = own.map((step, number) => ({ ...step, number }));
    expect(before).toEqual(numbered.filter((step) => step.atMs <= atMs));
    expect(after[0].number).toBe(own.length);
    expect(after.map((step) => step.atMs)).not.toEqual(own.slice(21, -1).map((step) => step.atMs));
    expect(drawn({ atMs: 1e12, seed: 4 })).toEqual(numbered);
  });
});

it('streams that nobody meant to change refuse it', () => {
  expect(() => new RandomStreams(1).redraw(2)).toThrow('not made to change');
});
