/**
 * How long the relay keeps a session whose link has died silently: from the ping timeout to interval +
 * timeout, wherever in the interval the link died.
 *
 * board/README.md has the figures beside the original's, which come from eight cuts each.
 */
import { app } from 'firmware/apps/sos';
import { describe, expect, it } from 'vitest';
import type { Distribution } from '../measure/result.ts';
import { makeScenario } from '../testing/scenario.ts';
import { run } from './run.ts';

/** Cut twice: the mean of 200 draws, uniform over interval and timeout, has a standard error of 1.4 %. */
const BOARDS = 100;
const CUTS_AT_MS = [30_000, 90_000];
/** Longer than any detection here, shorter than it takes the board's TCP to give up. */
const CUT_FOR_MS = 30_000;
/**
 * A ping whose pong was under way when the link died has its deadline up to a round trip before that of a
 * ping sent at that moment.
 */
const ROUND_TRIP_MS = 30;

async function detections(pingMs: number): Promise<Distribution> {
  const scenario = makeScenario({
    duration: 130_000,
    relay: { ping_interval: pingMs, ping_timeout: pingMs },
    boards: { count: BOARDS, device: 'espruino-esp32', board_ping_interval: 0 },
    steps: CUTS_AT_MS.map((at) => ({ at, for: CUT_FOR_MS, action: 'link.blackhole', parameters: {} })),
  });
  return (await run(scenario, app)).summary.metrics.detect_ms as Distribution;
}

describe.each([
  { ping: 10, original: { mean: 14.9, min: 10.6, max: 19.2 } },
  { ping: 5, original: { mean: 7.75, min: 5.9, max: 9.8 } },
  { ping: 2, original: { mean: 2.95, min: 2.2, max: 3.7 } },
  { ping: 1, original: { mean: 1.43, min: 1.1, max: 1.8 } },
])('with relay ping $ping/$ping', ({ ping, original }) => {
  it(`a silently dead link is found after ${original.mean} s on average, as the original finds it, and within the same bounds`, async () => {
    const { count, min, mean, max } = (await detections(ping * 1000)) as { [key in keyof Distribution]: number };
    expect(count).toBe(CUTS_AT_MS.length * BOARDS);
    expect(Math.abs(mean / 1000 / original.mean - 1)).toBeLessThan(0.1);
    expect(min).toBeGreaterThanOrEqual(ping * 1000 - ROUND_TRIP_MS);
    expect(min).toBeLessThan(original.min * 1000);
    expect(max).toBeGreaterThan(original.max * 1000);
    expect(max).toBeLessThanOrEqual(2 * ping * 1000);
  });
});
