/** How far a study is: a bar on a terminal, a line for every tenth elsewhere, nothing when it is not wanted. Always on stderr. */
import { timeLeft } from '../../study/sweep/time-left.ts';
import type { Io } from '../io.ts';

export interface StudyProgress {
  /** @param done runs, those of earlier sweeps included */
  onDone(done: number): void;
  end(): void;
}

/** Shares of the study after which a line is printed. */
const LINES = 10;

export async function showStudyProgress(before: number, total: number, io: Io, wanted: boolean): Promise<StudyProgress> {
  if (!wanted) return { onDone() {}, end() {} };
  const startedMs = io.nowMs();
  const left = (done: number) => timeLeft(done, total, before, io.nowMs() - startedMs);
  return io.errIsTerminal ? await barView(before, total, left) : lineView(before, total, left, io);
}

function lineView(before: number, total: number, left: (done: number) => string, io: Io): StudyProgress {
  const tenthsOf = (done: number) => Math.floor((done * LINES) / total);
  let tenths = tenthsOf(before);
  return {
    onDone(done) {
      if (tenthsOf(done) === tenths) return;
      tenths = tenthsOf(done);
      io.err(`  ${done} of ${total} runs${done === total ? '' : `, ${left(done)}`}\n`);
    },
    end() {},
  };
}

async function barView(before: number, total: number, left: (done: number) => string): Promise<StudyProgress> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format: '{bar} {value} of {total} runs · {left}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(total, before, { left: left(before) });
  return { onDone: (done) => bar.update(done, { left: left(done) }), end: () => bar.stop() };
}
