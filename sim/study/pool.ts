/**
 * Worker threads that run a study's trials, or what else a file of this kit does by messages. Results come in any order; nothing here decides what they mean.
 *
 * A worker loads TypeScript by tsx's CommonJS hook, whatever way the process itself was started.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TrialResult } from './trial.ts';
import type { WorkerTask } from './worker.ts';

/** More threads than any machine this runs on has cores. */
export const MAX_WORKERS = 256;

/** What a worker answers to each message it is sent. */
export type Reply<Result> = { result: Result } | { failure: string };

/** A trial that threw: the kit's fault. */
export class TrialFailure<T> extends Error {
  override readonly name = 'TrialFailure';
  readonly trial: T;

  constructor(trial: T, message: string) {
    super(message);
    this.trial = trial;
  }
}

/**
 * Runs all trials, or as many as there is time for before `signal` aborts.
 * @param onResult called once per trial that is finished; what it throws ends everything
 * @throws TrialFailure
 */
export function runTrials<T>(
  trials: readonly T[],
  taskOf: (trial: T) => WorkerTask,
  workers: number,
  onResult: (trial: T, result: TrialResult) => void,
  signal: AbortSignal,
): Promise<void> {
  return runInThreads(join(__dirname, 'worker.ts'), trials, taskOf, workers, onResult, signal);
}

/** The same for any file that answers each message with a Reply. */
export async function runInThreads<T, Task, Result>(
  file: string,
  trials: readonly T[],
  taskOf: (trial: T) => Task,
  workers: number,
  onResult: (trial: T, result: Result) => void,
  signal: AbortSignal,
): Promise<void> {
  const queue = trials.values();
  const threads = Array.from({ length: Math.min(workers, trials.length) }, () => startWorker(file));
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    await Promise.race([aborted, Promise.all(threads.map((thread) => drain(thread, queue, taskOf, onResult, signal)))]);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function startWorker(file: string): Worker {
  const require = createRequire(__filename);
  const load = [require.resolve('tsx/cjs'), file].map((file) => `require(${JSON.stringify(file)});`);
  return new Worker(load.join(''), { eval: true, execArgv: [] });
}

/** Feeds one thread from the queue until either is at its end. */
function drain<T, Task, Result>(
  thread: Worker,
  queue: IterableIterator<T>,
  taskOf: (trial: T) => Task,
  onResult: (trial: T, result: Result) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: T;
    const next = () => {
      const { done, value } = signal.aborted ? { done: true as const, value: undefined } : queue.next();
      if (done) return resolve();
      current = value;
      thread.postMessage(taskOf(current));
    };
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`a worker thread ended by itself (${code})`)));
    thread.on('message', (reply: Reply<Result>) => {
      if (signal.aborted) return;
      try {
        if ('failure' in reply) throw new TrialFailure(current, reply.failure);
        onResult(current, reply.result);
        next();
      } catch (error) {
        reject(error);
      }
    });
    next();
  });
}
