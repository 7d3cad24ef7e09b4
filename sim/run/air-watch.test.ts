/** What a run makes of the air that it looks at once a second. */
import { expect, it } from 'vitest';
import type { AccessPointFigures, AirFigures, SharedAir } from '../net/wifi/shared-air.ts';
import { AirWatch } from './air-watch.ts';

const SECOND_US = 1_000_000;
const FIGURES: AirFigures = { frames: 1_000, collisions: 20, retries: 25, retryDrops: 1, queueDrops: 2 };

/** Of one access point, after each second: its shares of that second. */
function watch(seconds: { busy: number; own: number; waits: number }[], durationMs: number) {
  const now: AccessPointFigures = { channel: 1, busyUs: 0, ownUs: 0, waitedUs: 0, queueMax: 7 };
  const air = { figures: FIGURES, accessPoints: [{ ...now }] };
  const watched = new AirWatch(air as SharedAir, durationMs);
  seconds.forEach(({ busy, own, waits }, second) => {
    now.busyUs += busy * SECOND_US;
    now.ownUs += own * SECOND_US;
    now.waitedUs += waits * SECOND_US;
    air.accessPoints = [{ ...now }];
    watched.look((second + 1) * 1_000);
  });
  return { metrics: watched.finish(seconds.length * 1_000), overTime: watched.overTime };
}

it('has each second of a short run, and those in which packets waited at the access point all the time', () => {
  const { metrics, overTime } = watch(
    [
      { busy: 0.1, own: 0.05, waits: 0.2 },
      { busy: 0.6, own: 0.5, waits: 1 },
      { busy: 0.5, own: 0.5, waits: 0.96 },
      { busy: 0.2, own: 0.1, waits: 0.94 },
    ],
    4_000,
  );
  expect(overTime).toEqual({
    stepMs: 1_000,
    accessPoints: [{ id: 'ap-1', channel: 1, busy: [0.1, 0.6, 0.5, 0.2], own: [0.05, 0.5, 0.5, 0.1], fullMs: 2_000 }],
  });
  expect(metrics).toEqual({
    air_frames: 1_000,
    air_collisions: 20,
    air_retries: 25,
    retry_drops: 1,
    queue_drops: 2,
    air_busy: 0.35,
    air_full_s: 2,
    ap_queue_max: 7,
  });
});

it('has as many points of a long run as a chart can show', () => {
  const day = 24 * 3_600;
  const { overTime } = watch(Array(day).fill({ busy: 0.25, own: 0.1, waits: 0 }), day * 1_000);
  const [{ busy }] = overTime.accessPoints;
  expect(busy).toHaveLength(600);
  expect(new Set(busy)).toEqual(new Set([0.25]));
});

it('ends with the run, also in the middle of a second', () => {
  const air = { figures: FIGURES, accessPoints: [{ channel: 1, busyUs: 0, ownUs: 0, waitedUs: 0, queueMax: 0 }] };
  const watched = new AirWatch(air as SharedAir, 60_000);
  air.accessPoints = [{ channel: 1, busyUs: 250_000, ownUs: 0, waitedUs: 500_000, queueMax: 0 }];
  expect(watched.finish(500)).toMatchObject({ air_busy: 0.5, air_full_s: 0.5 });
  expect(watched.overTime.accessPoints[0].busy).toEqual([0.5]);
});
