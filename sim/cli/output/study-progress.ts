/**
 * How far a study is: a bar on a terminal, now and then a line elsewhere, nothing when it is not wanted.
 * Always on stderr.
 */
import { timeLeft } from '../../study/sweep/time-left.ts';
import type { Io } from '../io.ts';
import { progressBar, seldom } from './progress-bar.ts';

export interface StudyProgress {
  /** @param done runs, those of earlier sweeps included */
  onDone(done: number): void;
  end(): void;
}

export async function showStudyProgress(before: number, total: number, io: Io, wanted: boolean): Promise<StudyProgress> {
  if (!wanted) return { onDone() {}, end() {} };
  const startedMs = io.nowMs();
  const words = (done: number) => `${done} of ${total} runs · ${timeLeft(done, total, before, io.nowMs() - startedMs)}`;
  if (io.errIsTerminal) {
    const bar = await progressBar(total, words(before), before);
    return { onDone: (done) => bar.update(done, words(done)), end: () => bar.end() };
  }
  const isDue = seldom(total, io, before);
  return {
    onDone(done) {
      if (isDue(done)) io.err(`  ${words(done)}\n`);
    },
    end() {},
  };
}
