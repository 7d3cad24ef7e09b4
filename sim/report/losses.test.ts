import { describe, expect, it } from 'vitest';
import type { BoardResult, Segment, TimelineState } from '../measure/result.ts';
import { lossesOf } from './losses.ts';

/**
 * A board whose states begin at these seconds, each with what ended the one before; the run ends at 100 s.
 */
function board(...states: [atS: number, state: TimelineState, cause?: string][]): BoardResult {
  const timeline = states.map(([atS, state, cause = ''], index): Segment => {
    return { fromMs: atS * 1000, toMs: (states[index + 1]?.[0] ?? 100) * 1000, state, cause };
  });
  return { id: 'board-1', availability: 1, connects: 1, disconnects: 0, messagesSent: 0, messagesLost: 0, worstStallMs: 0, timeline };
}

const lossesIn = (...states: Parameters<typeof board>) => lossesOf([board(...states)]);

describe('a lost channel', () => {
  it('counts from the moment when nothing got through, to the next that carried data, under the first cause of an end', () => {
    const states = lossesIn([0, 'wifi'], [2, 'open'], [10, 'dead', 'ap'], [18, 'wifi', 'wifi_lost'], [30, 'tcp'], [31, 'open']);
    expect(states).toEqual([{ board: 0, atMs: 10_000, cause: 'wifi_lost', backMs: 21_000 }]);
  });

  it('is told as not back when the run ends before', () => {
    expect(lossesIn([2, 'open'], [10, 'waiting', 'peer_closed'])).toEqual([{ board: 0, atMs: 10_000, cause: 'peer_closed', backMs: null }]);
  });

  it('is none when the same channel carries data again, nor before the first was open', () => {
    expect(lossesIn([0, 'tcp'], [1, 'waiting', 'reset'], [2, 'open'], [10, 'dead', 'blackhole'], [12, 'open'])).toEqual([]);
  });

  it('is the relay’s word where it spoke first, and a reset where nobody spoke', () => {
    const causes = lossesIn(
      [2, 'open'],
      [10, 'dead', 'takeover'],
      [11, 'waiting', 'reset'],
      [12, 'open'],
      [50, 'off'],
      [52, 'wifi'],
      [60, 'open'],
    );
    expect(causes.map(({ cause }) => cause)).toEqual(['peer_closed', 'reset']);
  });

  it('is to Wi-Fi when the access point gave a reason', () => {
    expect(lossesIn([2, 'open'], [10, 'wifi', '3'], [14, 'tcp'], [15, 'open'])[0].cause).toBe('wifi_lost');
  });

  it('is not to what stopped a later attempt', () => {
    const states = lossesIn([2, 'open'], [10, 'wifi'], [14, 'tcp'], [15, 'waiting', 'refused_duplicate'], [16, 'tcp'], [17, 'open']);
    expect(states.map(({ cause }) => cause)).toEqual(['reset']);
  });

  it('is told by board', () => {
    const lost = board([2, 'open'], [10, 'waiting', 'reset'], [11, 'open']);
    expect(lossesOf([board([2, 'open']), lost, lost]).map(({ board }) => board)).toEqual([1, 2]);
  });
});
