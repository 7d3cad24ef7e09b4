/** Ctrl-C: the first asks the run to end early and keep what it has, the second ends the process at once. */
import { EXIT } from './exit-code.ts';
import type { Io } from './io.ts';

/** A terminal signals every process of the command, and `npx` and `tsx` pass it on: one key press arrives up to three times within this, ms. */
const SAME_KEY_PRESS_MS = 250;

/** Calls `work` with a signal that the first Ctrl-C aborts. */
export async function interruptible<T>(io: Io, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let firstAtMs = 0;
  const processOnSigint = (): void => {
    if (!controller.signal.aborted) {
      firstAtMs = io.nowMs();
      io.err('\nInterrupted: writing the result so far. Ctrl-C again to stop at once.\n');
      controller.abort();
    } else if (io.nowMs() - firstAtMs > SAME_KEY_PRESS_MS) {
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGINT', processOnSigint);
  try {
    return await work(controller.signal);
  } finally {
    // An interrupted process is about to end, and must not be killed by the same key press arriving once more.
    if (!controller.signal.aborted) process.off('SIGINT', processOnSigint);
  }
}
