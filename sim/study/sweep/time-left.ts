/**
 * How far a study is, and how long the rest will take: what is left, at the pace of what this sweep itself
 * has finished.
 */
import { formatMs } from 'host/format';

/** @param before runs that an earlier sweep had finished */
export function timeLeft(done: number, total: number, before: number, elapsedMs: number): string {
  const own = done - before;
  if (own <= 0 || elapsedMs <= 0) return 'time left unknown';
  return `${formatMs(roundToSecond(((total - done) * elapsedMs) / own))} left`;
}

/** An estimate that shows milliseconds pretends to be more. */
function roundToSecond(ms: number): number {
  return Math.ceil(ms / 1_000) * 1_000;
}
