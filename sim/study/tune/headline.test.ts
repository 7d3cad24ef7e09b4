import { describe, expect, it } from 'vitest';
import { tuneHeadline } from './headline.ts';
import type { TunePoint, TuneResult } from './result.ts';

function result(settings: string[], goals: string[], means: Record<string, number>, minimize: string[], boardHours = 1): TuneResult {
  const metrics = Object.fromEntries(Object.entries(means).map(([name, mean]) => [name, { n: 20, mean, low: mean, high: mean }]));
  const recommended: TunePoint = {
    cell: 0,
    parameters: {},
    settings,
    seeds: 20,
    verdict: 'met',
    fails: [],
    onFront: true,
    tied: false,
    metrics,
  };
  return {
    version: 1,
    scenario: 's',
    about: '',
    digest: '',
    command: '',
    goals,
    minimize,
    parameters: [],
    seeds: { first: 1, most: 20 },
    board_hours: boardHours,
    runs: { used: 1, budget: 1, fullGrid: 1 },
    end: 'decided',
    recommended,
    front: [recommended],
    neighbours: [],
    nearest: [],
    points: [recommended],
  };
}

const PING = ['relay.ping_interval=10s', 'relay.ping_timeout=5s'];

describe('the headline of a tuning', () => {
  it('says what to set, what it gives, and what it costs per board and hour', () => {
    const means = { 'max(detect_ms)': 13_660, keepalive_bytes: 60_940, false_disconnects: 87 };
    expect(tuneHeadline(result(PING, ['max(detect_ms) < 15000'], means, ['keepalive_bytes', 'false_disconnects'], 10))).toBe(
      'Ping every 10 s, wait 5 s: dead links found within 14 s; 6.1 kB of keepalive and 8.7 false disconnects per board-hour.',
    );
  });

  it("tells the boards' own keepalive and backoff apart from the relay's", () => {
    const settings = [...PING, 'boards.board_ping_interval=11s', 'boards.board_ping_timeout=3500ms', 'boards.backoff.jitter=full'];
    expect(tuneHeadline(result(settings, ['p99(recovery_ms) < 60000'], { 'p99(recovery_ms)': 8_120, connects: 30 }, ['connects']))).toBe(
      'Ping every 10 s, wait 5 s (boards: ping after 11 s of silence, wait 3.5 s, full jitter): ' +
        '99 % of channels open again after an outage within 8.2 s; 30 connects per board-hour.',
    );
  });

  it('never promises a duration that is shorter than the one that was found', () => {
    for (const found of [13_001, 13_999, 1_234, 14_000]) {
      const [, told] =
        /within ([\d.]+) s/.exec(tuneHeadline(result(PING, ['max(detect_ms) < 15s'], { 'max(detect_ms)': found }, []))) ?? [];
      expect(Number(told) * 1_000).toBeGreaterThanOrEqual(found);
    }
  });

  it('says that nothing keeps the goal', () => {
    expect(tuneHeadline({ ...result([], ['connects > 3'], {}, []), recommended: null })).toBe('No setting surely keeps connects > 3.');
  });
});
