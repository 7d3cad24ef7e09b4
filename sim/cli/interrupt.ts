/**
 * Ctrl-C, SIGTERM, or a launcher that is gone: the first asks the run to end early and keep what it has, the
 * second ends the process at once.
 */
import { onLauncherGone } from 'host/launcher';
import { EXIT } from './exit-code.ts';
import type { Io } from './io.ts';

/**
 * A terminal signals every process of the command, and `npx` and `tsx` pass it on: one key press arrives up
 * to three times within this, ms.
 */
const SAME_KEY_PRESS_MS = 250;

/**
 * What is under way goes on for so long after the key press, ms. tsx asks twice, 30 ms apart, whether its
 * child has seen the signal, and kills one that does not answer; to gather and write a result takes longer
 * than that without a turn of Node's.
 */
const ANSWERABLE_MS = 120;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Calls `work` with a signal that the first Ctrl-C aborts.
 *
 * @param then what becomes of what there is so far
 */
export async function interruptible<T>(io: Io, work: (signal: AbortSignal) => Promise<T>, then = 'writing the result so far'): Promise<T> {
  const controller = new AbortController();
  let firstAtMs: number | null = null;
  const processOnSignal = (): void => {
    if (firstAtMs === null) {
      firstAtMs = io.nowMs();
      io.err(`\nInterrupted: ${then}. Ctrl-C again to stop at once.\n`);
      setTimeout(() => controller.abort(), ANSWERABLE_MS);
    } else if (io.nowMs() - firstAtMs > SAME_KEY_PRESS_MS) {
      process.exit(EXIT.interrupted);
    }
  };
  for (const signal of SIGNALS) process.on(signal, processOnSignal);
  const stopLooking = onLauncherGone(processOnSignal);
  try {
    return await work(controller.signal);
  } finally {
    stopLooking();
    // An interrupted process is about to end, and must not be killed by the same key press arriving once
    // more.
    if (firstAtMs === null) for (const signal of SIGNALS) process.off(signal, processOnSignal);
  }
}
