/**
 * Watches the air that boards share, once a second: how busy it was, whose packets made it so, and when an
 * access point could not send what it had.
 */
import type { AirTotals } from '../measure/measures/measure.ts';
import type { AirOverTime } from '../measure/result.ts';
import type { AccessPointFigures, SharedAir } from '../net/wifi/shared-air.ts';

const US_PER_MS = 1_000;
const MS_PER_S = 1_000;
/** As many points as a chart can show. */
const MAX_POINTS = 600;
/** Of a second in which packets waited at an access point all the time. */
const FULL_SHARE = 0.95;
const SHARE_SCALE = 1e4;

interface Watched {
  /** When the current point of its curve began, and when it was looked at last. */
  point: AccessPointFigures;
  last: AccessPointFigures;
  fullMs: number;
  busy: number[];
  own: number[];
}

export class AirWatch {
  private readonly air: SharedAir;
  private readonly stepMs: number;
  private readonly watched: Watched[];
  private pointMs = 0;
  private lastMs = 0;

  constructor(air: SharedAir, durationMs: number) {
    this.air = air;
    this.stepMs = Math.max(1, Math.ceil(durationMs / MS_PER_S / MAX_POINTS)) * MS_PER_S;
    this.watched = air.accessPoints.map((now) => ({ point: now, last: now, fullMs: 0, busy: [], own: [] }));
  }

  /** To be called about once a second. */
  look(nowMs: number): void {
    const figures = this.air.accessPoints;
    const passedMs = nowMs - this.lastMs;
    for (const [index, one] of this.watched.entries()) {
      const now = figures[index];
      if (now.waitedUs - one.last.waitedUs >= FULL_SHARE * passedMs * US_PER_MS) one.fullMs += passedMs;
      one.last = now;
    }
    this.lastMs = nowMs;
    if (nowMs - this.pointMs >= this.stepMs) this.endPoint(nowMs);
  }

  /** The measured time is over. */
  finish(nowMs: number): AirTotals {
    if (nowMs > this.lastMs) this.look(nowMs);
    if (nowMs > this.pointMs) this.endPoint(nowMs);
    const { frames, collisions, retries, retryDrops, queueDrops } = this.air.figures;
    const most = (of: (one: Watched) => number) => Math.max(...this.watched.map(of));
    return {
      air_frames: frames,
      air_collisions: collisions,
      air_retries: retries,
      retry_drops: retryDrops,
      queue_drops: queueDrops,
      air_busy: nowMs > 0 ? rounded(most(({ last }) => last.busyUs) / (nowMs * US_PER_MS)) : 0,
      air_full_s: most(({ fullMs }) => fullMs) / MS_PER_S,
      ap_queue_max: most(({ last }) => last.queueMax),
    };
  }

  get overTime(): AirOverTime {
    return {
      stepMs: this.stepMs,
      accessPoints: this.watched.map(({ last, busy, own, fullMs }, index) => ({
        id: `ap-${index + 1}`,
        channel: last.channel,
        busy,
        own,
        fullMs,
      })),
    };
  }

  private endPoint(nowMs: number): void {
    const us = (nowMs - this.pointMs) * US_PER_MS;
    for (const one of this.watched) {
      one.busy.push(rounded((one.last.busyUs - one.point.busyUs) / us));
      one.own.push(rounded((one.last.ownUs - one.point.ownUs) / us));
      one.point = one.last;
    }
    this.pointMs = nowMs;
  }
}

function rounded(share: number): number {
  return Math.round(share * SHARE_SCALE) / SHARE_SCALE;
}
