/**
 * Worker threads that run what a file of this kit does by messages. Results come in any order; nothing here decides what they mean.
 *
 * A worker loads TypeScript by tsx's CommonJS hook, whatever way the process itself was started.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Reply } from './reply.ts';

/** More threads than any machine this runs on has cores. */
export const MAX_WORKERS = 256;

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
 * Threads of one file that answers each message with a Reply. They begin when there is work and stay until `close`, with what V8 has compiled: work that comes
 * in batches does not warm up anew for each.
 */
export class Threads<Task, Result> {
  private readonly file: string;
  private readonly most: number;
  private threads: Worker[] = [];

  constructor(file: string, most: number) {
    this.file = file;
    this.most = most;
  }

  /**
   * Runs all trials, or as many as there is time for before `signal` aborts. One call at a time.
   * @param onResult called once per trial that is finished; what it throws ends everything
   * @throws TrialFailure
   */
  async run<T>(
    trials: readonly T[],
    taskOf: (trial: T) => Task,
    onResult: (trial: T, result: Result) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const queue = trials.values();
    while (this.threads.length < Math.min(this.most, trials.length)) this.start();
    let onAbort = () => {};
    const aborted = new Promise<void>((resolve) => {
      onAbort = resolve;
    });
    signal.addEventListener('abort', onAbort);
    let allDone = false;
    try {
      const drained = Promise.all(this.threads.map((thread) => drain(thread, queue, taskOf, onResult, signal)));
      await Promise.race([aborted, drained]);
      allDone = !signal.aborted;
    } finally {
      signal.removeEventListener('abort', onAbort);
      // What a thread still does is nobody's any more.
      if (!allDone) await this.close();
    }
  }

  /** Ends all threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.threads.splice(0).map((thread) => thread.terminate()));
  }

  private start(): void {
    const thread = startWorker(this.file);
    this.threads.push(thread);
    thread.on('error', () => {}); // 'exit' follows
    thread.on('exit', () => {
      this.threads = this.threads.filter((other) => other !== thread);
    });
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
      if (done) {
        thread.off('error', reject).off('exit', onExit).off('message', onMessage);
        return resolve();
      }
      current = value;
      thread.postMessage(taskOf(current));
    };
    const onExit = (code: number) => reject(new Error(`a worker thread ended by itself (${code})`));
    const onMessage = (reply: Reply<Result>) => {
      if (signal.aborted) return;
      try {
        if ('failure' in reply) throw new TrialFailure(current, reply.failure);
        onResult(current, reply.result);
        next();
      } catch (error) {
        reject(error);
      }
    };
    thread.on('error', reject).on('exit', onExit).on('message', onMessage);
    next();
  });
}
