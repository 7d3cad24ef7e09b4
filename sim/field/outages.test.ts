import { describe, expect, it } from 'vitest';
import type { Absence, AbsenceCause } from './board-trail.ts';
import { outagesOf } from './outages.ts';

function absence(fromMs: number, toMs: number | null, cause: AbsenceCause = 'ping_timeout'): Absence {
  return { fromMs, toMs, cause };
}

const PING_INTERVAL_MS = 20_000;

describe('outages', () => {
  it('of boards that vanish together are one, from the last that was heard to just before the first that came back', () => {
    const absences = [[absence(50_000, 100_000)], [absence(58_000, 103_000)], [absence(55_000, 101_000)]];
    expect(outagesOf(absences, PING_INTERVAL_MS)).toEqual([
      { fromMs: 58_000, toMs: 99_500, firstBackMs: 100_000, boards: [0, 1, 2], isAccessPoint: false },
    ]);
  });

  it('of two boards, or of a few among many, are told apart', () => {
    const two = [[absence(50_000, 100_000)], [absence(58_000, 103_000)]];
    expect(outagesOf(two, PING_INTERVAL_MS).map(({ boards }) => boards)).toEqual([[0], [1]]);
    expect(outagesOf([...two, [absence(52_000, 99_000)], [], [], [], []], PING_INTERVAL_MS).map(({ boards }) => boards)).toEqual([
      [0],
      [2],
      [1],
    ]);
  });

  it('of boards that have no time in common are told apart', () => {
    const absences = [[absence(50_000, 56_000)], [absence(57_000, 103_000)], [absence(58_000, 101_000)]];
    expect(outagesOf(absences, PING_INTERVAL_MS)).toHaveLength(3);
  });

  it('of a session that survived ended between its last two retransmissions', () => {
    expect(outagesOf([[absence(40_000, 80_000, 'silence')]], PING_INTERVAL_MS)).toEqual([
      { fromMs: 40_000, toMs: 70_000, firstBackMs: 80_000, boards: [0], isAccessPoint: false },
    ]);
  });

  it('are the access point when all boards vanish and most come back one by one', () => {
    const absences = [[absence(50_000, 100_000)], [absence(50_000, 112_000)], [absence(50_000, 140_000)]];
    expect(outagesOf(absences, PING_INTERVAL_MS)).toMatchObject([{ toMs: 80_000, boards: [0, 1, 2], isAccessPoint: true }]);
    expect(outagesOf([...absences, []], PING_INTERVAL_MS)).toMatchObject([{ boards: [0, 1, 2], isAccessPoint: false }]);
  });

  it('last longer for a board that comes back minutes after the others, or never', () => {
    const absences = [[absence(50_000, 100_000)], [absence(50_000, 101_000)], [absence(50_000, 400_000)], [absence(50_000, null)]];
    expect(outagesOf(absences, PING_INTERVAL_MS)).toMatchObject([
      { toMs: 98_500, boards: [0, 1] },
      { toMs: 398_000, boards: [2] },
      { toMs: null, boards: [3] },
    ]);
    const never = [[absence(1, null)], [absence(2, null)], [absence(3, null)]];
    expect(outagesOf(never, PING_INTERVAL_MS)).toEqual([
      { fromMs: 3, toMs: null, firstBackMs: null, boards: [0, 1, 2], isAccessPoint: false },
    ]);
  });
});
