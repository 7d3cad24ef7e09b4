import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Distribution, Stall, Summary } from '../../measure/result.ts';
import { EXIT, exitCodeOf, gravest } from '../exit-code.ts';
import { runsTable, summaryTable } from './summary-table.ts';

const NONE: Distribution = { count: 0, min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
const SOME: Distribution = { count: 1_234, min: 1, mean: 20, p50: 12.34, p90: 90, p95: 95, p99: 1_999, max: 180_000 };
const STALLS: Stall[] = [
  { cause: 'connect', count: 3, worstMs: 180_000 },
  { cause: 'handler', count: 9, worstMs: 0.5 },
];
const PLAIN = { colours: createColors(false), columns: 80 };

function summary(changes: Partial<Summary> = {}): Summary {
  return {
    version: 1,
    scenario: 'default',
    seed: 1,
    mode: 'virtual',
    boards: 50,
    device: 'ideal',
    virtual_ms: 600_000,
    wall_ms: 1,
    events: 1,
    trace_hash: 'sha256:0',
    metrics: {
      channel_availability: 0.99999,
      reconnect_ms: SOME,
      'disconnects.ping_timeout': 1_230,
      'disconnects.reset': 4,
      false_disconnects: 2,
      detect_ms: NONE,
      recovery_ms: SOME,
      messages_sent: 12_345,
      messages_delivered: 12_340,
      messages_lost: 5,
      message_latency_ms: SOME,
      main_loop_stall_ms: SOME,
    },
    errors: [],
    checks: [{ name: 'one-session-per-id', ok: true }],
    thresholds: [],
    replay: '',
    verdict: '',
    ...changes,
  };
}

describe('the summary table', () => {
  it('says what became of updates, of a run in which there were some', () => {
    const metrics = { ...summary().metrics, updates: 20, update_rollbacks: 0, update_ms: SOME };
    const table = summaryTable(summary({ metrics }), STALLS, { ...PLAIN, columns: 120 });
    expect(table).toMatch(/Updates +│ 20 done, none rolled back; p50 12\.3 ms, p99 2 s, worst 3 min \(of 1,234\) +│/);
    expect(summaryTable(summary({ metrics: { ...metrics, update_rollbacks: 3 } }), STALLS, PLAIN)).toContain('20 done, 3 rolled back');
    expect(summaryTable(summary({ metrics: { ...metrics, updates: 0, update_ms: NONE } }), STALLS, PLAIN)).not.toContain('Updates');
  });

  it('says what the air took, of boards that shared one, and what hurt', () => {
    const metrics = { ...summary().metrics, air_frames: 1_000, air_collisions: 21, air_busy: 0.384, ap_queue_max: 41, queue_drops: 0 };
    const table = summaryTable(summary({ metrics }), STALLS, { ...PLAIN, columns: 120 });
    expect(table).toMatch(/Air +│ 38 % busy, 2 % of frames collide, access point's queue at most 41 packets +│/);
    expect(table).not.toContain('Warning');
    const warnings = ['the air of ap-1 was full for 43 s'];
    const worse = summaryTable(summary({ metrics: { ...metrics, queue_drops: 7 }, warnings }), STALLS, { ...PLAIN, columns: 120 });
    expect(worse).toContain('7 found a queue full');
    expect(worse).toMatch(/Warning +│ the air of ap-1 was full for 43 s/);
    expect(summaryTable(summary(), STALLS, PLAIN)).not.toContain('Air');
  });

  it('says how the fleet fared', () => {
    expect(summaryTable(summary(), STALLS, PLAIN)).toBe(
      [
        '┌──────────────────────┬───────────────────────────────────────────────────────┐',
        '│ Availability         │ 99.99 % of board-time                                 │',
        '│ Reconnects           │ 1,234; lost to ping_timeout 1,230, reset 4; 2 of them │',
        '│                      │ false                                                 │',
        '│ Half-open detected   │ none                                                  │',
        '│ Back after an outage │ p50 12.3 ms, p99 2 s, worst 3 min (of 1,234)          │',
        '│ Messages             │ 12,345 sent, 12,340 delivered, 5 lost (0.04 %)        │',
        '│ Latency              │ p50 12.3 ms, p99 2 s, worst 3 min (of 1,234)          │',
        '│ Worst loop stall     │ 3 min (connect), 0.5 ms (handler)                     │',
        '│ Checks               │ 1 of 1 hold                                           │',
        '│ Thresholds           │ none                                                  │',
        '└──────────────────────┴───────────────────────────────────────────────────────┘',
      ].join('\n'),
    );
  });

  it('says by which HTTP statuses boards were kept out', () => {
    const table = summaryTable(summary({ refused_by_status: { 403: 1_200, 503: 2 } }), STALLS, PLAIN);
    expect(table).toContain('│ Refused by server    │ HTTP 403: 1,200, HTTP 503: 2                          │');
  });

  it('says which messages the channel refused', () => {
    const metrics = { messages_refused: 1_003, 'messages_refused.not_utf8': 1_000, 'messages_refused.outbox_full': 3 };
    const table = summaryTable(summary({ metrics: { ...summary().metrics, ...metrics } }), STALLS, PLAIN);
    expect(table).toContain('│ Refused by send      │ 1,003 of these: not_utf8 1,000, outbox_full 3         │');
  });

  it('names each check and threshold that failed, and why', () => {
    const table = summaryTable(
      summary({
        checks: [
          { name: 'bounded-detection', ok: false, detail: 'board-7 at 12 s' },
          { name: 'one-session-per-id', ok: true },
        ],
        thresholds: [
          { expr: 'max(detect_ms) < 1', ok: false, value: 12.3456789 },
          { expr: 'connects > 0', ok: true, value: 3 },
        ],
      }),
      [],
      PLAIN,
    );
    expect(table).toContain('│ 1 of 2 failed');
    expect(table).toContain('│ Worst loop stall     │ 0 ms ');
    expect(table).toContain('bounded-detection: board-7 at 12 s');
    expect(table).toContain('max(detect_ms) 12.3 ms, limit 1 ms');
    expect(table).not.toContain('connects > 0');
  });

  it('does not count among what holds what could not be judged, and says why', () => {
    const table = summaryTable(
      summary({
        checks: [
          { name: 'bounded-detection', ok: true, detail: 'not judged: the keepalive of the relay is off' },
          { name: 'one-session-per-id', ok: true },
        ],
        thresholds: [{ expr: 'max(detect_ms) < 1', ok: true, value: null }],
      }),
      [],
      PLAIN,
    );
    expect(table).toContain('│ 1 of 2 hold, 1 not judged ');
    expect(table).toContain('│ bounded-detection: not judged: the keepalive of the');
    expect(table).toContain('│ 0 of 1 met, 1 not judged ');
    expect(table).toContain('│ max(detect_ms) < 1: not judged: no sample ');
  });

  it('of several runs keeps long names and seeds whole', () => {
    const name = Array.from({ length: 64 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
    const lines = runsTable([{ summary: summary({ scenario: name, seed: 4_294_967_295 }), end: 'ok' }], PLAIN).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    // The head has two lines here.
    const columns = lines.slice(3, -1).map((line) => line.split('│').map((cell) => cell.trim()));
    expect(columns.map((cells) => cells[1]).join('')).toBe(name);
    expect(columns[0][2]).toBe('4294967295');
    const broken = runsTable([{ summary: summary({ scenario: 'wrong-wifi-password' }), end: 'ok' }], PLAIN).split('\n');
    expect(broken.slice(2, -1).map((line) => line.split('│')[1].trim())).toEqual(['wrong-wifi-', 'password']);
  });

  it('of several runs has a line for each', () => {
    const table = runsTable(
      [
        { summary: summary(), end: 'ok' },
        { summary: summary({ scenario: 'x'.repeat(64) }), end: 'threshold' },
      ],
      PLAIN,
    );
    const lines = table.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[2]).toMatch(/^│ default +│ 1 +│ 99.99 % +│ 1,234 +│ 5 +│ 2 s +│ ok +│$/);
    expect(lines[3]).toContain('threshold');
  });

  it('is at most 80 columns wide whatever is in it', () => {
    const table = summaryTable(summary({ checks: [{ name: 'y'.repeat(200), ok: false, detail: 'z '.repeat(200) }] }), STALLS, PLAIN);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBe(80);
  });
});

describe('the exit code', () => {
  const failed = { ok: false, name: '', expr: '', value: 1 };
  it.each([
    ['0 when all is well', {}, EXIT.ok],
    ['3 when a threshold failed', { thresholds: [failed] }, EXIT.threshold],
    ['4 when a check broke, whatever the thresholds', { thresholds: [failed], checks: [failed] }, EXIT.check],
    ['130 when the run was interrupted, whatever it found', { checks: [failed], interrupted: true as const }, EXIT.interrupted],
  ])('is %s', (_, changes, code) => {
    expect(exitCodeOf(summary(changes))).toBe(code);
  });

  it('of several runs is the gravest', () => {
    expect(gravest([0, 4, 3])).toBe(4);
    expect(gravest([])).toBe(0);
  });
});
