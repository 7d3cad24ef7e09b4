import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../scenario/document/read-document.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { describeField } from './describe-field.ts';
import { isFieldRecording } from './field-line.ts';
import { planField } from './field-plan.ts';
import { readFieldRecording } from './read-field.ts';

const HEADER = {
  format: 'squall-trace',
  version: 1,
  source: 'relay',
  epoch_ms: 1_700_000_000_000,
  relay: { ping_interval: '20s', ping_timeout: '10s', duplicate_id: 'takeover', mode: 'echo' },
};
/** The first client comes 3 s after the header, as in the recording's own time. */
const EVENTS = [
  { t: 3_000, board: 'kitchen', event: 'ws.open', session: 1 },
  { t: 3_000, board: 'cellar 2', event: 'ws.open', session: 2 },
  { t: 4_000, board: 'kitchen', event: 'relay.received', kind: 'text', bytes: 4 },
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
        { at: '50s', action: 'board.power_cycle', boards: ['board-2'], for: '40s' },
        { at: '50s', action: 'relay.stop', for: '15s' },
        { at: '4s', action: 'link.blackhole', boards: ['board-1'], for: '37s' },
      ],
    });
    expect(scenarioOf(document).relay).toMatchObject({
      pingIntervalMs: 20_000,
      pingTimeoutMs: 10_000,
      duplicateId: 'takeover',
      mode: 'echo',
    });
  });

  it('says who is who, what was inferred, and what is not known', () => {
    const text = describeField(planOf(WHOLE), null).join('\n');
    expect(text).toContain('was recorded by a relay from 2023-11-14T22:13:20Z on, for 90s: 2 ids, 11 events.');
    expect(text).toContain('its link is not known and has the defaults; 1 outage of the network, 1 stop of the relay, 0 clean closes');
    expect(text).toContain('  board-1 is kitchen: ');
    expect(text).toContain('out of reach 1 time (4s to 43s)');
    expect(text).toMatch(/ {2}board-2 is cellar 2: .*% available, never out of reach$/m);
  });

  it('begins just before the first client and ends with the last, since a relay alone is nothing to play', () => {
    const alone = [
      HEADER,
      { t: 5_000, event: 'relay.down', reason: 'shutdown' },
      { ...HEADER, epoch_ms: HEADER.epoch_ms + 60_000 },
      { t: 40_000, board: 'a', event: 'ws.open', session: 1 },
      { t: 41_000, board: 'b', event: 'ws.open', session: 2 },
      { t: 70_000, board: 'a', event: 'ws.close', session: 1, cause: 'reset', code: 1006 },
      { t: 90_000, board: 'b', event: 'ws.close', session: 2, cause: 'peer_closed', code: 1000 },
      { t: 500_000, event: 'relay.down', reason: 'shutdown' },
    ];
    const plan = planOf(textOf(alone));
    expect(plan.recording).toMatchObject({ epochMs: HEADER.epoch_ms + 97_000, durationMs: 53_000, aloneMs: 410_000, downtimes: [] });
    expect(plan.document.boards).toEqual({ count: 2, boot_spread: '1s' });
    expect(plan.document.steps).toEqual([{ at: '33s', action: 'board.power_cycle', boards: ['board-1'], for: '20s' }]);
    expect(describeField(plan, null)[0]).toContain('After the last board had left it went on for 410s, which is not played.');
  });

  it('does not end before an outage from which nobody came back', () => {
    const { recording } = planOf(
      textOf([
        HEADER,
        { t: 3_000, board: 'a', event: 'ws.open', session: 1 },
        { t: 3_000, board: 'b', event: 'ws.open', session: 2 },
        { t: 10_000, board: 'a', event: 'ws.close', session: 1, cause: 'reset', code: 1006 },
        { t: 20_000, board: 'b', event: 'relay.received', kind: 'text', bytes: 1 },
        { t: 60_000, board: 'b', event: 'ws.close', session: 2, cause: 'ping_timeout', code: 1011 },
        { t: 90_000, event: 'relay.down', reason: 'shutdown' },
      ]),
    );
    expect(recording.durationMs).toBe(90_000);
    expect(recording.boards[1].absences).toEqual([{ fromMs: 20_000, toMs: null, cause: 'ping_timeout' }]);
  });

  it('powers up at its own time a board that came later', () => {
    const { document } = planOf(
      textOf([
        HEADER,
        { t: 3_000, board: 'a', event: 'ws.open', session: 1 },
        { t: 100_000, board: 'b', event: 'ws.open', session: 2 },
        { t: 200_000, event: 'relay.down', reason: 'shutdown' },
      ]),
    );
    expect(document.steps).toEqual([{ at: '0s', action: 'board.power_cycle', boards: ['board-2'], for: '97s' }]);
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
    expect(describeField(planOf(WHOLE.slice(0, 600)), null)[0]).toContain('it was cut off, or is still being written');
  });

  it('is good from its first whole line on, wherever its beginning was cut off, and says what is not known then', () => {
    const bytes = Buffer.from(WHOLE);
    const nextLife = WHOLE.indexOf('{"format"', 1);
    for (let start = 1; start < nextLife; start++) {
      const text = bytes.toString('utf8', start);
      expect(isFieldRecording(linesOf(text))).toBe(true);
      const { recording, document } = planOf(text);
      expect(recording.epochMs).toBeNull();
      expect(scenarioOf(document).relay.pingTimeoutMs).toBe(10_000);
      expect(recording.isCut).toBe(false);
    }
    const { recording, document } = planOf(textOf(EVENTS).slice(1));
    expect(recording.boards.map(({ id }) => id)).toEqual(['cellar 2', 'kitchen']);
    expect(recording.boards[1].absences).toEqual(planOf(WHOLE).recording.boards[0].absences);
    expect(document.about).toBe('What a relay recorded, inferred from silences and round trips.');
    expect(describeField(planOf(textOf(EVENTS).slice(1)), null)[0]).toContain(
      'Its first line is cut off: when that was is not known, the relay has the settings of its next start, and whoever was heard of is taken to have been connected.',
    );
  });

  it('has the default settings of a relay when the only header is cut off', () => {
    const text = textOf(EVENTS.slice(2, 6));
    expect(isFieldRecording(linesOf(text))).toBe(true);
    const { recording, document } = planOf(text);
    expect(scenarioOf(document).relay).toMatchObject({ duplicateId: 'reject', mode: 'broadcast', pingTimeoutMs: 20_000 });
    expect(recording.boards.map(({ id, firstOpenMs }) => [id, firstOpenMs])).toEqual([['kitchen', 3_000]]);
    expect(recording.boards[0].absences).toEqual([{ fromMs: 3_000, toMs: 42_000, cause: 'ping_timeout' }]);
    expect(describeField(planOf(text), null)[0]).toContain('the relay has the default settings');
  });

  it('is told from a run’s, and from anything else', () => {
    const run = { t: 0, board: 'board-1', event: 'board.boot', count: 1 };
    expect(isFieldRecording(linesOf(textOf([run, EVENTS[0]])))).toBe(false);
    expect(isFieldRecording(linesOf(`cut"}\n${textOf([EVENTS[0], run])}`))).toBe(false);
    expect(isFieldRecording(linesOf('cut"}\n'))).toBe(false);
    expect(isFieldRecording(linesOf('my\ndiary\n'))).toBe(false);
    expect(isFieldRecording([])).toBe(false);
  });

  it('does not take the sum of refusals for an attempt to come back', () => {
    const refused = { t: 30_000, board: 'kitchen', event: 'ws.refused', reason: 'duplicate_id', status: 403 };
    const absenceOf = (line: object) =>
      planOf(textOf([HEADER, ...EVENTS.slice(0, 4), line, { ...EVENTS[4], t: 32_000 }, EVENTS[5]])).recording.boards[0].absences[0];
    expect(absenceOf(refused)).toMatchObject({ toMs: 30_000 });
    expect(absenceOf({ ...refused, count: 7 })).toMatchObject({ toMs: 43_000 });
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
