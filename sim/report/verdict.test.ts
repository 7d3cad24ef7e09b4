import { describe, expect, it } from 'vitest';
import { plausibleResult } from './testing/plausible.ts';
import { verdictOf } from './verdict.ts';

const whole = plausibleResult();
const { summary, boards } = whole;
const WORKING = '50 boards had a working channel';

describe('the verdict', () => {
  it.each([
    [{}, 'good', `HELD: 2 checks and 1 threshold. ${WORKING}`],
    [{ checks: [], thresholds: [] }, 'good', `Nothing was judged. ${WORKING}`],
    [{ thresholds: [{ expr: 'max(detect_ms) < 1s', ok: true, value: null }] }, 'good', `HELD: 2 checks, 1 not judged. ${WORKING}`],
    [{ interrupted: true as const, checks: [] }, 'good', 'INTERRUPTED after 10 min. HELD: 1 threshold. '],
    [
      { checks: [{ name: 'bounded-detection', ok: false, detail: 'board-7 at 12 s' }] },
      'bad',
      'FAILED: bounded-detection: board-7 at 12 s.',
    ],
    [
      {
        checks: [],
        thresholds: [
          { expr: 'max(detect_ms) <= 15s', ok: false, value: 39_700 },
          { expr: 'channel_availability > 99.9%', ok: false, value: 0.98765 },
        ],
      },
      'bad',
      'FAILED: max(detect_ms) 39.7 s, limit 15 s. And 1 more failed.',
    ],
    [{ checks: [], thresholds: [{ expr: 'connects == 60', ok: false, value: 50 }] }, 'bad', 'FAILED: connects 50, wanted 60.'],
  ])('says what held or failed, and by how much: %j', (change, kind, words) => {
    const verdict = verdictOf({ summary: { ...summary, ...change }, boards });
    expect(verdict.kind).toBe(kind);
    expect(verdict.words.startsWith(words)).toBe(true);
  });

  it('says on whom it was worst, where boards differ', () => {
    const lossy = boards.map((board, index) => ({ ...board, messagesLost: index === 6 ? 9 : 0 }));
    const failing = { ...summary, checks: [], thresholds: [{ expr: 'messages_lost == 0', ok: false, value: 9 }] };
    expect(verdictOf({ summary: failing, boards: lossy }).words).toBe(
      `FAILED: messages_lost 9, wanted 0, worst on ${lossy[6].id} (9 lost).`,
    );
  });

  it('ends with what to try', () => {
    const failing = { ...summary, checks: [], thresholds: [{ expr: 'connects_per_s_peak < 40', ok: false, value: 56 }] };
    const advice = 'All boards drew the same random numbers: try --set boards.seed_random=true.';
    expect(verdictOf({ summary: failing, boards, advice }).words).toBe(`FAILED: connects_per_s_peak 56, limit 40. ${advice}`);
  });
});
