import fc from 'fast-check';
import { app as sos } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import { run } from '../run.ts';
import { readDocument } from '../scenario/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';
import { describeField } from './describe-field.ts';
import { planField } from './field-plan.ts';
import { readFieldRecording } from './read-field.ts';
import { recordRun } from './testing/record-run.ts';

const HEADER = {
  format: 'squall-trace',
  version: 1,
  source: 'relay',
  epoch_ms: 1_700_000_000_000,
  relay: { ping_interval: '20s', ping_timeout: '10s', duplicate_id: 'takeover', mode: 'echo' },
};
const EVENTS = [
  { t: 1_000, board: 'kitchen', event: 'ws.open', session: 1 },
  { t: 2_000, board: 'cellar 2', event: 'ws.open', session: 2 },
  { t: 3_000, board: 'kitchen', event: 'relay.received', kind: 'text', bytes: 4 },
  { t: 12_000, board: 'kitchen', event: 'relay.ping', bytes: 10 },
  { t: 22_000, board: 'kitchen', event: 'ws.close', session: 1, cause: 'ping_timeout', code: 1011 },
  { t: 43_000, board: 'kitchen', event: 'ws.open', session: 3 },
  { t: 50_000, board: 'cellar 2', event: 'ws.close', session: 2, cause: 'shutdown', code: 1001 },
  { t: 50_000, board: 'kitchen', event: 'ws.close', session: 3, cause: 'shutdown', code: 1001 },
  { t: 50_000, event: 'relay.down', reason: 'shutdown' },
  { ...HEADER, epoch_ms: HEADER.epoch_ms + 65_000 },
  { t: 4_000, board: 'kitchen', event: 'ws.open', session: 1 },
  { t: 25_000, event: 'relay.down', reason: 'shutdown' },
];

function linesOf(text: string) {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ number: index + 1, text: line }));
}

const textOf = (lines: readonly object[]) => `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
const WHOLE = textOf([HEADER, ...EVENTS]);
const planOf = (text: string) => planField(readFieldRecording('logs/my field.jsonl', linesOf(text)));

function scenarioOf(document: Record<string, unknown>): Scenario {
  const { scenario, problems } = readDocument(document, []);
  if (scenario === null) throw new Error(JSON.stringify(problems));
  return scenario;
}

describe('a plan', () => {
  it('plays as many boards as there were ids, their outages, and the stops of the relay, with the settings of the relay', () => {
    const { document } = planOf(WHOLE);
    expect(document).toMatchObject({
      name: 'my-field',
      duration: '90s',
      relay: HEADER.relay,
      boards: { count: 2 },
      steps: [
        { at: '50s', action: 'relay.stop', for: '15s' },
        { at: '3s', action: 'link.blackhole', boards: ['board-1'], for: '38s' },
      ],
    });
    expect(scenarioOf(document).relay).toEqual({ pingIntervalMs: 20_000, pingTimeoutMs: 10_000, duplicateId: 'takeover', mode: 'echo' });
  });

  it('says who is who, what was inferred, and what is not known', () => {
    const text = describeField(planOf(WHOLE)).join('\n');
    expect(text).toContain('was recorded by a relay from 2023-11-14T22:13:20Z on, for 90s: 2 ids, 11 events.');
    expect(text).toContain('its link is not known and has the defaults; 1 outage of the network, 1 stop of the relay, 0 clean closes');
    expect(text).toContain('  board-1 is kitchen: ');
    expect(text).toContain('out of reach 1 time (3s to 43s)');
    expect(text).toMatch(/ {2}board-2 is cellar 2: .*% available, never out of reach$/m);
  });

  it('takes a relay that ends without a word for killed at the last thing it wrote', () => {
    const { recording } = planOf(textOf([HEADER, ...EVENTS.filter((line) => !('reason' in line))]));
    expect(recording.downtimes).toEqual([{ fromMs: 50_000, toMs: 65_000 }]);
    expect(recording.isCut).toBe(true);
  });

  it('goes on over the files of one recording put together', () => {
    const next = [
      { ...HEADER, epoch_ms: HEADER.epoch_ms + 30_000, continues: true },
      { t: 0, board: 'kitchen', event: 'ws.open', session: 1, continued: true },
    ];
    const { recording } = planOf(
      textOf([HEADER, EVENTS[0], EVENTS[2], ...next, { t: 40_000, board: 'kitchen', event: 'relay.received', kind: 'text', bytes: 1 }]),
    );
    expect(recording.downtimes).toEqual([]);
    expect(recording.boards[0].absences).toEqual([]);
    expect(recording.durationMs).toBe(70_000);
  });
});

describe('a recording that is not whole', () => {
  it('is good up to its last whole line, wherever it was cut after the first client', () => {
    const bytes = Buffer.from(WHOLE);
    const first = textOf([HEADER, EVENTS[0]]).length - 1;
    for (let length = first; length < bytes.length - 1; length++) {
      const text = bytes.toString('utf8', 0, length);
      const { recording, document } = planOf(text);
      expect(scenarioOf(document).boards.count).toBeGreaterThan(0);
      // Right after the relay's own end nothing tells that there was more.
      expect(recording.isCut).toBe(!/"event":"relay.down","reason":"shutdown"\}\n?$/.test(text));
    }
    expect(planOf(WHOLE).recording.isCut).toBe(false);
    expect(describeField(planOf(WHOLE.slice(0, 600)))[0]).toContain('it was cut off, or is still being written');
  });

  it.each([
    ['field.jsonl: no client had connected yet; there is nothing to play', textOf([HEADER])],
    [
      'field.jsonl:3: expected an event such as {"t":1234.567,"board":"board-1","event":"ws.open"}, got "garbage"',
      `${textOf([HEADER, EVENTS[0]])}garbage\n${textOf([EVENTS[1]])}`,
    ],
    ['field.jsonl:3: t: expected no less than in the line before, got 1', textOf([HEADER, EVENTS[1], { ...EVENTS[2], t: 1 }])],
    ['field.jsonl:2: expected an event', textOf([HEADER, { ...EVENTS[0], board: '\u001b[31m' }, EVENTS[1]])],
  ])('or makes no sense is refused: %s', (message, text) => {
    expect(() => readFieldRecording('field.jsonl', linesOf(text))).toThrow(message);
  });

  it('never fails in another way, whatever its lines hold', () => {
    const value = fc.oneof(fc.constantFrom(0, -1, 1e300, 'a', null, true), fc.double());
    const line = fc.oneof(
      fc.constantFrom(...EVENTS, HEADER).map((event) => JSON.stringify(event)),
      fc
        .tuple(fc.constantFrom(...EVENTS, HEADER), fc.constantFrom('t', 'board', 'cause', 'code', 'epoch_ms', 'relay'), value)
        .map(([event, key, other]) => JSON.stringify({ ...event, [key]: other })),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          readDocument(planOf([JSON.stringify(HEADER), ...lines].join('\n')).document, []);
        } catch (error) {
          expect((error as Error).name).toBe('UsageError');
        }
      }),
    );
  });
});

describe('a run that is recorded and played again', { timeout: 60_000 }, () => {
  const blackhole = (at: number, lastsMs: number): StepDocument => ({ at, action: 'link.blackhole', for: lastsMs, parameters: {} });
  const apDown = (at: number, lastsMs: number): StepDocument => ({ at, action: 'ap.down', for: lastsMs, parameters: {} });
  const LONG = 1_200_000;

  it.each([
    [
      'outages that all boards know nothing of',
      { steps: [blackhole(60_000, 45_000), blackhole(300_000, 60_000), blackhole(600_000, 90_000)] },
    ],
    ['outages of the access point', { steps: [apDown(60_000, 45_000), apDown(300_000, 60_000), apDown(600_000, 90_000)] }],
    [
      'outages of one board',
      { boards: { count: 1 }, steps: [blackhole(60_000, 45_000), blackhole(300_000, 60_000), blackhole(600_000, 90_000)] },
    ],
    [
      'outages on a bad link',
      {
        link: { loss: 0.05, latency: 30, jitter: 10 },
        steps: [blackhole(60_000, 45_000), blackhole(300_000, 60_000), blackhole(600_000, 90_000)],
      },
    ],
    [
      'a takeover policy',
      {
        relay: { duplicate_id: 'takeover' as const },
        steps: [blackhole(60_000, 45_000), blackhole(300_000, 60_000), blackhole(600_000, 90_000)],
      },
    ],
  ])('has the same three outages per board and nearly the same availability: %s', async (_name, settings) => {
    const { result, lines } = await recordRun(makeScenario({ duration: LONG, ...settings }));
    const plan = planField(readFieldRecording('field.jsonl', lines));
    expect(plan.recording.boards.map(({ absences }) => absences.length)).toEqual(plan.recording.boards.map(() => 3));
    expect(plan.outages.map(({ boards }) => boards.length)).toEqual([1, 2, 3].map(() => plan.recording.boards.length));
    const again = await run(scenarioOf(plan.document), sos);
    const share = (one: typeof result) => one.summary.metrics.channel_availability as number;
    expect(Math.abs(share(again) - share(result))).toBeLessThan(0.02);
  });

  it('has the link of each board', async () => {
    const far: StepDocument = {
      at: 0,
      action: 'link.set',
      boards: { kind: 'ids', ids: ['board-2'] },
      parameters: { latency: 80, jitter: 20 },
    };
    const { lines } = await recordRun(
      makeScenario({ duration: LONG, boards: { count: 3 }, link: { latency: 10, jitter: 2 }, steps: [far] }),
    );
    const { recording, links, document } = planField(readFieldRecording('field.jsonl', lines));
    for (const [board, { id }] of recording.boards.entries()) {
      const [latencyMs, jitterMs] = id === 'board-2' ? [80, 20] : [10, 2];
      expect(Math.abs((links[board]?.latencyMs ?? 0) / latencyMs - 1)).toBeLessThan(0.15);
      expect(Math.abs((links[board]?.jitterMs ?? 0) / jitterMs - 1)).toBeLessThan(0.5);
    }
    expect(document.steps).toMatchObject([
      { at: '0s', action: 'link.set', boards: [`board-${recording.boards.findIndex(({ id }) => id === 'board-2') + 1}`] },
    ]);
  });
});
