/** A short soak (testing/soak-run.ts); `npx tsx firmware/testing/soak.ts --minutes 30` runs it long. */
import { expect, it } from 'vitest';
import { type SoakPeriod, soak } from './testing/soak-run.ts';

const BOARDS = 20;
/** Two polite ones, and a crash between them. */
const RESTARTS = 3;
/** 20 s on an idle computer; most of what a busy one adds are the starts of the relay. */
const TEST_MAX_MS = 120_000;

it('boards come back from every restart of the relay, leave no message behind, and nothing piles up', {
  timeout: TEST_MAX_MS,
}, async () => {
  const periods: SoakPeriod[] = [];
  await soak({ boards: BOARDS, restarts: RESTARTS, periodMs: 4500 }, (period) => periods.push(period));
  expect(periods).toHaveLength(RESTARTS + 1);
  for (const period of periods) {
    expect(period).toMatchObject({ open: BOARDS, late: [], unwritten: 0, deaf: 0 });
    // One a board, whatever came before.
    expect(period.sockets).toBe(BOARDS);
  }
  // A timer or two a board come and go with pings and pauses; one more a restart would be a leak.
  expect(periods[RESTARTS].timers).toBeLessThanOrEqual(periods[0].timers + BOARDS);
});
