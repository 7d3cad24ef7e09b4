/**
 * What a relay records of a run, by its own recorder, is read, fitted and played again: the boards must fare
 * as they did.
 */
import { app as sos } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { run } from '../run/run.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { describeField } from './describe-field.ts';
import { type FieldPlan, planField } from './field-plan.ts';
import { fitField } from './fit-field.ts';
import { type FieldRecording, readFieldRecording } from './read-field.ts';
import { relayView } from './relay-view.ts';
import { recordRun } from './testing/record-run.ts';

const TOLERANCE = 0.02;
/** The relay is up before the boards, and after them. */
const ALONE_MS = 30_000;
const LONG_MS = 900_000;
const SHORT_MS = 180_000;

type Outage = (at: number, lastsMs: number) => StepDocument;
const blackhole: Outage = (at, lastsMs) => ({ at, action: 'link.blackhole', for: lastsMs, parameters: {} });
const apDown: Outage = (at, lastsMs) => ({ at, action: 'ap.down', for: lastsMs, parameters: {} });
const three = (outage: Outage, durationMs: number, lastsMs: number) =>
  [1 / 12, 5 / 12, 8 / 12].map((share) => outage(share * durationMs, lastsMs));

/** Settings that are nobody's default, and among no guesses either. */
const HASTY: ScenarioDocument = {
  duration: SHORT_MS,
  relay: { ping_interval: 5_000, ping_timeout: 5_000 },
  boards: {
    count: 6,
    board_ping_interval: 5_000,
    board_ping_timeout: 3_000,
    backoff: { kind: 'exponential', min: 500, max: 10_000, jitter: 'full' },
  },
};

function recordingOf(text: string): FieldRecording {
  const lines = text.trimEnd().split('\n');
  return readFieldRecording(
    'field.jsonl',
    lines.map((line, index) => ({ number: index + 1, text: line })),
  );
}

function scenarioOf({ document }: FieldPlan): Scenario {
  const { scenario, problems } = readDocument(document, []);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const available = ({ boards, durationMs }: FieldRecording) => mean(boards.map((board) => board.availability(durationMs)));
const countsOf = ({ boards }: FieldRecording) => boards.map(({ absences }) => absences.length);

describe('a recording with three outages', { timeout: 120_000 }, () => {
  it.each<[string, number, ScenarioDocument]>([
    ['20 s that boards know nothing of', 1, { duration: LONG_MS, steps: three(blackhole, LONG_MS, 20_000) }],
    ['a minute', 2, { duration: LONG_MS, steps: three(blackhole, LONG_MS, 60_000) }],
    ['two and a half minutes', 3, { duration: LONG_MS, steps: three(blackhole, LONG_MS, 150_000) }],
    ['half a minute without access point', 4, { duration: LONG_MS, steps: three(apDown, LONG_MS, 30_000) }],
    ['a minute without access point', 5, { duration: LONG_MS, steps: three(apDown, LONG_MS, 60_000) }],
    ['15 s, boards that are hasty', 6, { ...HASTY, steps: three(blackhole, SHORT_MS, 15_000) }],
    ['25 s, boards that are hasty', 7, { ...HASTY, steps: three(blackhole, SHORT_MS, 25_000) }],
    ['a minute, one board', 8, { duration: LONG_MS, boards: { count: 1 }, steps: three(blackhole, LONG_MS, 60_000) }],
    [
      'a minute on a bad link',
      1,
      { duration: LONG_MS, link: { loss: 0.05, latency: 30, jitter: 10 }, steps: three(blackhole, LONG_MS, 60_000) },
    ],
    [
      'a minute under a takeover policy',
      10,
      { duration: LONG_MS, relay: { duplicate_id: 'takeover' }, steps: three(blackhole, LONG_MS, 60_000) },
    ],
  ])('of %s gives as many on each board again, and availability within 2 points', async (_name, seed, settings) => {
    const { result, text } = await recordRun(makeScenario({ ...settings, seed }), ALONE_MS);
    const recording = recordingOf(text);
    const trial = await fitField(recording, sos);
    const scenario = scenarioOf(planField(recording, trial?.fit));
    const seen = await relayView(scenario, sos);
    const again = await run(scenario, sos);
    expect(countsOf(recording)).toEqual(recording.boards.map(() => 3));
    expect(countsOf(seen)).toEqual(countsOf(recording));
    // As a relay sees it, and as it was.
    expect(Math.abs(available(seen) - available(recording))).toBeLessThan(TOLERANCE);
    const truth = (one: typeof result) => one.summary.metrics.channel_availability as number;
    expect(Math.abs(truth(again) - truth(result))).toBeLessThan(TOLERANCE);
  });

  it('of a fleet that one board joins late and one leaves without a word, at a relay that restarts, is played as such', async () => {
    const unplugged = (id: string, at: number, lastsMs: number): StepDocument => ({
      at,
      action: 'board.power_cycle',
      boards: { kind: 'ids', ids: [id] },
      for: lastsMs,
      parameters: {},
    });
    const restart: StepDocument = { at: LONG_MS / 4, action: 'relay.restart', for: 20_000, parameters: {} };
    const comings = [unplugged('board-4', 0, LONG_MS / 3), unplugged('board-5', LONG_MS / 2, LONG_MS / 2)];
    const steps = [...three(blackhole, LONG_MS, 50_000), ...comings, restart];
    const { result, text } = await recordRun(makeScenario({ duration: LONG_MS, steps }), ALONE_MS);
    const recording = recordingOf(text);
    const scenario = scenarioOf(planField(recording, (await fitField(recording, sos))?.fit));
    const again = await run(scenario, sos);
    expect(recording.downtimes).toHaveLength(1);
    // The silence of the one that left lasts to the end.
    expect(countsOf(recording).sort()).toEqual([2, 3, 3, 3, 3]);
    expect(countsOf(await relayView(scenario, sos)).sort()).toEqual(countsOf(recording).sort());
    const truth = (one: typeof result) => one.summary.metrics.channel_availability as number;
    expect(Math.abs(truth(again) - truth(result))).toBeLessThan(TOLERANCE);
    expect(again.summary.metrics.board_resets).toBe(0);
  });

  it('keeps the default settings when these explain it, and finds others when they do not', async () => {
    const fitOf = async (settings: ScenarioDocument) => {
      const { text } = await recordRun(makeScenario(settings), ALONE_MS);
      const trial = await fitField(recordingOf(text), sos);
      return { trial, told: describeField(planField(recordingOf(text), trial?.fit), trial).join('\n') };
    };
    const usual = await fitOf({ duration: LONG_MS, steps: three(blackhole, LONG_MS, 60_000) });
    expect(usual.trial?.fit.settings).toEqual({});
    expect(usual.told).toContain('The boards come back as if they had the default keepalive and backoff');
    const hasty = await fitOf({ ...HASTY, steps: three(blackhole, SHORT_MS, 20_000) });
    expect(hasty.trial?.fit.settings.board_ping_interval).toMatch(/^(2|5|10)s$/);
    expect(hasty.told).toMatch(/come back as if they had keepalive \d+s\/\d+s/);
  });
});

it('tries nothing on a recording that is too long for it, and says so', async () => {
  const header = { format: 'squall-trace', version: 1, source: 'relay', epoch_ms: 0, relay: {} };
  const lines = [header, { t: 0, board: 'a', event: 'ws.open', session: 1 }, { t: 1e9, event: 'relay.down', reason: 'shutdown' }];
  const recording = recordingOf(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(await fitField(recording, sos)).toBeNull();
  expect(describeField(planField(recording), null).join('\n')).toContain('too long to try settings on it');
});

it('has the link of each board', { timeout: 60_000 }, async () => {
  const far: StepDocument = {
    at: 0,
    action: 'link.set',
    boards: { kind: 'ids', ids: ['board-2'] },
    parameters: { latency: 80, jitter: 20 },
  };
  const { text } = await recordRun(
    makeScenario({ duration: 1_200_000, boards: { count: 3 }, link: { latency: 10, jitter: 2 }, steps: [far] }),
  );
  const { recording, links, document } = planField(recordingOf(text));
  for (const [board, { id }] of recording.boards.entries()) {
    const [latencyMs, jitterMs] = id === 'board-2' ? [80, 20] : [10, 2];
    expect(Math.abs((links[board]?.latencyMs ?? 0) / latencyMs - 1)).toBeLessThan(0.15);
    expect(Math.abs((links[board]?.jitterMs ?? 0) / jitterMs - 1)).toBeLessThan(0.5);
  }
  expect(document.steps).toMatchObject([
    { at: '0s', action: 'link.set', boards: [`board-${recording.boards.findIndex(({ id }) => id === 'board-2') + 1}`] },
  ]);
});
