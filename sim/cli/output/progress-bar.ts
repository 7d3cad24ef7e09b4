/** What the progress of a run and that of a study have in common. */
import type { Io } from '../io.ts';

export interface Bar {
  update(done: number, words: string): void;
  end(): void;
}

/** Columns of the bar itself: what the words leave of the terminal, within these. */
const BAR_MIN = 6;
const BAR_MAX = 24;

/** On stderr, which is a terminal; gone when it ends. */
export async function progressBar(total: number, words: string, done = 0): Promise<Bar> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: (_options, { progress }, { words }: { words: string }) => `${drawn(progress, words)} ${words}`,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(total, done, { words });
  return { update: (now, text) => bar.update(now, { words: text }), end: () => bar.stop() };
}

function drawn(share: number, words: string): string {
  const room = (process.stderr.columns || BAR_MAX) - words.length - 2;
  const size = Math.min(BAR_MAX, Math.max(BAR_MIN, room));
  const done = Math.round(Math.min(1, share) * size);
  return `${'='.repeat(done)}${'-'.repeat(size - done)}`;
}

/** Between two lines of a log: a share of the whole, and a time. */
const SHARE = 0.1;
const PAUSE_MS = 10_000;

/**
 * Whether a line is due: not before another tenth is done, and not before another ten seconds have passed.
 */
export function seldom(total: number, io: Io, done = 0): (done: number) => boolean {
  let [lastDone, lastMs] = [done, io.nowMs()];
  return (now) => {
    if (now - lastDone < total * SHARE || io.nowMs() - lastMs < PAUSE_MS) return false;
    [lastDone, lastMs] = [now, io.nowMs()];
    return true;
  };
}
