import { describe, expect, it } from 'vitest';
import { BoardTrail } from './board-trail.ts';

/** A board that was opened at 0, and heard and pinged at 10 s. */
function connected(): BoardTrail {
  const trail = new BoardTrail('board-1');
  trail.opened(0, false);
  trail.pinged(9_980);
  trail.ponged(10_000, 20);
  return trail;
}

describe('an absence', () => {
  it('that ends a session by ping timeout lasts from the last thing heard to the next session', () => {
    const trail = connected();
    trail.heard(12_000);
    trail.pinged(30_000);
    trail.closed(50_000, 'ping_timeout', 1011);
    trail.opened(70_000, false);
    trail.finish(100_000);
    expect(trail.absences).toEqual([{ fromMs: 12_000, toMs: 70_000, cause: 'ping_timeout' }]);
    expect(trail.availability(100_000)).toBeCloseTo(0.42);
  });

  it('ends when the board is refused because its old session still holds the id', () => {
    const trail = connected();
    trail.pinged(30_000);
    trail.refused(35_000);
    trail.refused(41_000);
    trail.closed(50_000, 'ping_timeout', 1011);
    trail.opened(55_000, false);
    expect(trail.absences).toEqual([{ fromMs: 10_000, toMs: 35_000, cause: 'ping_timeout' }]);
  });

  it('does not end with a stranger who was refused while the board itself was there', () => {
    const trail = connected();
    trail.refused(11_000);
    trail.heard(12_000);
    trail.closed(50_000, 'ping_timeout', 1011);
    trail.opened(55_000, false);
    expect(trail.absences).toEqual([{ fromMs: 12_000, toMs: 55_000, cause: 'ping_timeout' }]);
  });

  it('ends at a takeover', () => {
    const trail = connected();
    trail.closed(40_000, 'takeover', 4001);
    trail.opened(40_000, false);
    expect(trail.absences).toEqual([{ fromMs: 10_000, toMs: 40_000, cause: 'takeover' }]);
  });

  it('is a silence inside a session while a ping waits', () => {
    const trail = connected();
    trail.pinged(30_000);
    trail.ponged(44_000, 14_000);
    trail.finish(60_000);
    expect(trail.absences).toEqual([{ fromMs: 10_000, toMs: 44_000, cause: 'silence' }]);
    expect(trail.rttsMs).toEqual([20]);
  });

  it('begins where a broken connection ends when the board was heard until then, and is none when it is back at once', () => {
    const trail = connected();
    trail.closed(20_000, 'reset', 1006);
    trail.opened(22_000, false);
    trail.closed(30_000, 'peer_closed', 1006);
    trail.opened(60_000, false);
    expect(trail.absences).toEqual([{ fromMs: 30_000, toMs: 60_000, cause: 'broken' }]);
  });

  it('has no end when the recording has none for it', () => {
    const trail = connected();
    trail.pinged(30_000);
    trail.finish(40_000);
    expect(trail.absences).toEqual([{ fromMs: 10_000, toMs: null, cause: 'silence' }]);
    const gone = connected();
    gone.closed(50_000, 'ping_timeout', 1011);
    gone.finish(60_000);
    expect(gone.absences).toEqual([{ fromMs: 10_000, toMs: null, cause: 'ping_timeout' }]);
  });
});

describe('a board that leaves', () => {
  it('by FIN, RST or a close frame and never comes back was switched off then, and is not absent', () => {
    for (const [cause, code] of [
      ['peer_closed', 1006],
      ['reset', 1006],
      ['peer_closed', 1000],
    ] as const) {
      const trail = connected();
      trail.closed(20_000, cause, code);
      trail.finish(60_000);
      expect(trail).toMatchObject({ absences: [], leftMs: 20_000, isOpen: false });
      expect(trail.availability(60_000)).toBeCloseTo(1 / 3);
    }
  });

  it('without a word is absent, and one that comes back has not left', () => {
    const silent = connected();
    silent.pinged(15_000);
    silent.closed(30_000, 'reset', 1006);
    silent.finish(60_000);
    expect(silent).toMatchObject({ absences: [{ fromMs: 10_000, toMs: null, cause: 'broken' }], leftMs: null });
    const back = connected();
    back.closed(20_000, 'reset', 1006);
    back.opened(40_000, false);
    back.finish(60_000);
    expect(back).toMatchObject({ leftMs: null, isOpen: true });
  });

  it('is counted from its first session on', () => {
    const trail = new BoardTrail('late');
    trail.refused(5_000);
    trail.opened(30_000, false);
    trail.finish(60_000);
    expect(trail.firstOpenMs).toBe(30_000);
    expect(trail.availability(60_000)).toBe(1);
  });
});

describe('no absence', () => {
  it.each([
    ['peer_closed', 1000],
    ['policy', 1008],
    ['protocol_error', 1002],
  ])('is a session that was ended by %s %d', (cause, code) => {
    const trail = connected();
    trail.closed(20_000, cause, code);
    trail.opened(80_000, false);
    expect(trail.absences).toEqual([]);
    expect(trail.cleanCloses).toBe(1);
  });

  it('is the stop of the relay', () => {
    const trail = connected();
    trail.closed(20_000, 'shutdown', 1001);
    trail.opened(80_000, false);
    trail.relayEnded(90_000);
    trail.finish(100_000);
    expect(trail.absences).toEqual([]);
  });

  it('is a board that has nothing to say', () => {
    const trail = connected();
    trail.heard(300_000);
    trail.finish(600_000);
    expect(trail.absences).toEqual([]);
  });

  it('is a late pong', () => {
    const trail = connected();
    trail.pinged(30_000);
    trail.ponged(34_000, 4_000);
    expect(trail.absences).toEqual([]);
    expect(trail.rttsMs).toEqual([20, 4_000]);
  });

  it('is the echo of one in TCP, shorter and right after it', () => {
    const trail = connected();
    trail.pinged(30_000);
    trail.heard(44_000);
    trail.ponged(51_000, 21_000);
    expect(trail.absences).toEqual([{ fromMs: 10_000, toMs: 44_000, cause: 'silence' }]);
  });

  it('is a session that is told of again by the next file', () => {
    const trail = connected();
    trail.opened(11_000, true);
    trail.pinged(20_000);
    trail.ponged(26_000, 6_000);
    expect(trail.absences).toEqual([{ fromMs: 10_000, toMs: 26_000, cause: 'silence' }]);
  });
});
