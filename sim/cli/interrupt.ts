/** Ctrl-C: the first asks the run to end early and keep what it has, the second ends the process at once. */
import { EXIT } from './exit-code.ts';

/** Calls `work` with a signal that the first Ctrl-C aborts. */
export async function interruptible<T>(onInterrupt: () => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const processOnSigint = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    onInterrupt();
    controller.abort();
  };
  process.on('SIGINT', processOnSigint);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', processOnSigint);
  }
}
