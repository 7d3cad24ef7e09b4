/**
 * How far a run is: a bar on a terminal, now and then a line elsewhere, nothing when it is not wanted. Always
 * on stderr.
 */
import { formatMs, plural } from 'host/format';
import type { Progress } from '../../run/run.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Io } from '../io.ts';
import { progressBar, seldom } from './progress-bar.ts';

export interface ProgressView {
  onProgress(progress: Progress): void;
  end(): void;
}

const NOTHING: ProgressView = { onProgress() {}, end() {} };

const WHOLE_SECOND_MS = 1_000;

/** @param live a run on the wall clock takes as long as it says */
export async function showProgress(scenario: Scenario, io: Io, wanted: boolean, live = false): Promise<ProgressView> {
  if (!wanted) return NOTHING;
  const { boards, durationMs } = scenario;
  const startedMs = io.nowMs();
  const whole = formatMs(durationMs);
  const words = ({ virtualMs, boardsOnline, reconnects }: Progress) =>
    `${wholeSeconds(virtualMs)} of ${whole}${live ? '' : left(virtualMs, durationMs, io.nowMs() - startedMs)} · ${boardsOnline} of ${boards.count} online · ${plural(reconnects, 'reconnect')}`;
  if (io.errIsTerminal) {
    const bar = await progressBar(durationMs, words({ virtualMs: 0, boardsOnline: 0, reconnects: 0 }));
    return { onProgress: (progress) => bar.update(progress.virtualMs, words(progress)), end: () => bar.end() };
  }
  const isDue = seldom(durationMs, io);
  return {
    onProgress(progress) {
      if (isDue(progress.virtualMs)) io.err(`  ${words(progress)}\n`);
    },
    end() {},
  };
}

/** Runs are even enough to say it early, and nobody waits for less than this, ms. */
const WORTH_SAYING_MS = 2_000;

function left(virtualMs: number, durationMs: number, elapsedMs: number): string {
  const leftMs = virtualMs > 0 ? ((durationMs - virtualMs) * elapsedMs) / virtualMs : 0;
  return leftMs < WORTH_SAYING_MS ? '' : `, ${wholeSeconds(leftMs)} left`;
}

function wholeSeconds(ms: number): string {
  return ms < WHOLE_SECOND_MS ? '0 s' : formatMs(Math.floor(ms / WHOLE_SECOND_MS) * WHOLE_SECOND_MS);
}
