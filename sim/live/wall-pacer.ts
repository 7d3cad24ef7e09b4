/**
 * Drives a world's clock by the wall clock: events are delivered when they are due in real time, and real
 * sockets are served in between.
 *
 * Between two turns the world's clock stands at the last one, so what comes in from outside is at most
 * `LONGEST_SLEEP_MS` early.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { msFromUs, usFromMs } from '../kernel/units.ts';

/** How long the loop sleeps at most, ms: what comes from outside meanwhile finds a clock that is so old. */
const LONGEST_SLEEP_MS = 5;
/** Lateness of events that is told, ms; what is later counts as that late. */
const MAX_DRIFT_MS = 10_000;
const DRIFT_PERCENTILE = 0.99;

export class WallPacer {
  private readonly kernel: Kernel;
  private readonly startedAtMs = performance.now();
  /** How late the first event of each turn was: counts by whole milliseconds. */
  private readonly lateness = new Uint32Array(MAX_DRIFT_MS + 1);
  private turns = 0;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Runs the world up to `untilMs` of its time, in real time. */
  async run(untilMs: number, signal: AbortSignal | undefined): Promise<void> {
    while (!signal?.aborted) {
      const elapsedMs = performance.now() - this.startedAtMs;
      const toMs = Math.min(elapsedMs, untilMs);
      this.note(elapsedMs);
      await this.kernel.run(Math.floor(usFromMs(toMs)));
      if (toMs >= untilMs) return;
      await sleep(this.sleepMs());
    }
  }

  /** How late timers ran, ms, for 99 of 100 turns of the loop. */
  driftP99Ms(): number {
    let left = Math.ceil(this.turns * DRIFT_PERCENTILE);
    for (let ms = 0; ms <= MAX_DRIFT_MS; ms++) {
      left -= this.lateness[ms];
      if (left <= 0) return ms;
    }
    return MAX_DRIFT_MS;
  }

  private note(elapsedMs: number): void {
    const lateMs = elapsedMs - msFromUs(this.kernel.nextUs);
    if (lateMs < 0) return;
    this.turns++;
    this.lateness[Math.min(Math.ceil(lateMs), MAX_DRIFT_MS)]++;
  }

  private sleepMs(): number {
    const dueInMs = msFromUs(this.kernel.nextUs) - (performance.now() - this.startedAtMs);
    return Math.max(0, Math.min(dueInMs, LONGEST_SLEEP_MS));
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms < 1) setImmediate(resolve);
    else setTimeout(resolve, Math.floor(ms));
  });
}
