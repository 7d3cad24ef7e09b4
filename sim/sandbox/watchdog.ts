/**
 * Ends a handler that does not come back: an endless loop would hold up everything in the process, Ctrl-C
 * included.
 *
 * A thread looks at a counter in shared memory (watchdog-thread.cjs); the main thread counts each handler
 * that it begins and knows nothing else. In a worker thread, which others can end, only the counter is kept.
 */
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { KIT_FOLDER } from 'host/kit';
import { UsageError } from 'host/user-error';
import { BEATS, BITTEN, type Frame, SHARED_BYTES, STATE, WATCHING } from '../workers/beats.ts';
import { originalPlace, shownPlace } from './own-modules.ts';

/**
 * What one handler may take, ms of the wall clock, and of CPU time: a computer that has other things to do is
 * not an endless loop. A board is a hundred times slower.
 */
const HANDLER_LIMIT_MS = 5_000;
const HANDLER_CPU_LIMIT_MS = 1_000;
const LOOK_MS = 250;

export class Watchdog {
  private readonly words: Int32Array;
  private readonly thread: Worker | null;
  private readonly bitten: Promise<never>;

  constructor() {
    const given = isMainThread ? undefined : (workerData as { beats?: SharedArrayBuffer } | null)?.beats;
    const shared = given ?? new SharedArrayBuffer(SHARED_BYTES);
    this.words = new Int32Array(shared);
    this.thread = isMainThread ? startThread(shared) : null;
    this.bitten = new Promise((_, reject) => {
      this.thread?.on('message', (frames: Frame[]) => reject(stuckIn(frames)));
      this.thread?.on('error', reject);
    });
    this.bitten.catch(() => {}); // whoever waits hears of it
    this.thread?.unref(); // last: who listens to a thread keeps the process alive for it
  }

  /** False once something did not come back: what lives on of it may do so again. */
  beat(): boolean {
    this.words[BEATS]++;
    return this.words[STATE] !== BITTEN;
  }

  /** Does the work, or throws a UsageError that says where it is stuck. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const { words, thread } = this;
    words[STATE] = WATCHING;
    thread?.ref();
    try {
      return await Promise.race([work(), this.bitten]);
    } finally {
      thread?.unref();
      if (words[STATE] === WATCHING) words[STATE] = 0;
    }
  }
}

function startThread(shared: SharedArrayBuffer): Worker {
  const data = { shared, limitMs: HANDLER_LIMIT_MS, cpuLimitMs: HANDLER_CPU_LIMIT_MS, lookMs: LOOK_MS, STATE, BEATS, WATCHING, BITTEN };
  return new Worker(join(KIT_FOLDER, 'sim', 'sandbox', 'watchdog-thread.cjs'), { workerData: data, execArgv: [] });
}

/** @param frames of what does not come back, the innermost first */
export function stuckIn(frames: readonly Frame[]): UsageError {
  const place = frames.flatMap((frame) => originalPlace(frame) ?? []).at(0);
  const where = place === undefined ? 'the app' : shownPlace(place);
  return new UsageError(`${where}: this handler does not come back; expected one that returns, and hal.clock.setTimeout to wait`);
}
