/**
 * Worker threads that run what a file of this kit does by messages. Results come in any order; nothing here
 * decides what they mean.
 *
 * In a clone a worker loads TypeScript by tsx's CommonJS hook, whatever way the process itself was started.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { IS_COMPILED } from 'host/kit';
import { UsageError } from 'host/user-error';
import { BEATS, SHARED_BYTES, STATE, ThreadStuck, WATCHING } from './beats.ts';
import type { Reply } from './reply.ts';
import { whereIs } from './where-is.ts';

/** More threads than any machine this runs on has cores. */
export const MAX_WORKERS = 256;

/**
 * A thread that has not come back from a handler of firmware for so many looks. Counted, not timed: a
 * computer that sleeps does not look.
 */
const STUCK_LOOKS = 10;
const LOOK_MS = 1_000;

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
 * Threads of one file that answers each message with a Reply. They begin when there is work and stay until
 * `close`, with what V8 has compiled: work that comes in batches does not warm up anew for each.
 */
export class Threads<Task, Result> {
  private readonly file: string;
  private readonly most: number;
  private readonly endEarly: Task | null;
  private threads: Worker[] = [];
  private readonly guards = new WeakMap<Worker, Guard>();

  /**
   * @param endEarly what a thread at work is sent when its run is aborted: it answers soon with what it has,
   *   and that counts. null: what it does is ended, and lost
   */
  constructor(file: string, most: number, endEarly: Task | null = null) {
    this.file = file;
    this.most = most;
    this.endEarly = endEarly;
  }

  /**
   * Runs all trials, or as many as there is time for before `signal` aborts. One call at a time.
   * @param onResult called once per trial that is finished; what it throws ends everything
   * @throws TrialFailure, or a UsageError of the first trial that is the user's mistake
   */
  async run<T>(
    trials: readonly T[],
    taskOf: (trial: T) => Task,
    onResult: (trial: T, result: Result) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const queue = trials.values();
    while (this.threads.length < Math.min(this.most, trials.length)) this.start();
    const { endEarly } = this;
    let onAbort = () => {};
    const aborted = new Promise<void>((resolve) => {
      onAbort = () => {
        if (endEarly === null) resolve();
        else for (const thread of this.threads) thread.postMessage(endEarly);
      };
    });
    signal.addEventListener('abort', onAbort);
    let allDone = false;
    const looks = setInterval(() => {
      for (const thread of this.threads) this.guards.get(thread)?.look();
    }, LOOK_MS);
    try {
      const drained = Promise.all(
        this.threads.map((thread) => drain(thread, this.guards.get(thread) as Guard, queue, taskOf, onResult, signal, endEarly !== null)),
      );
      await Promise.race([aborted, drained]);
      allDone = !signal.aborted;
    } finally {
      clearInterval(looks);
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
    const shared = new SharedArrayBuffer(SHARED_BYTES);
    const thread = startWorker(this.file, shared);
    this.guards.set(thread, new Guard(thread, shared));
    this.threads.push(thread);
    thread.on('error', () => {}); // 'exit' follows
    thread.on('exit', () => {
      this.threads = this.threads.filter((other) => other !== thread);
    });
  }
}

/** Looks whether a thread still comes back from firmware. */
class Guard {
  onStuck: (error: ThreadStuck) => void = () => {};
  private readonly thread: Worker;
  private readonly words: Int32Array;
  private beats = -1;
  private looks = 0;

  constructor(thread: Worker, shared: SharedArrayBuffer) {
    this.thread = thread;
    this.words = new Int32Array(shared);
  }

  look(): void {
    const { words } = this;
    this.looks = words[STATE] === WATCHING && words[BEATS] === this.beats ? this.looks + 1 : 0;
    this.beats = words[BEATS];
    if (this.looks === STUCK_LOOKS) void whereIs(this.thread).then((frames) => this.onStuck(new ThreadStuck(frames)));
  }
}

function startWorker(file: string, beats: SharedArrayBuffer): Worker {
  const needed = IS_COMPILED ? [file] : [createRequire(__filename).resolve('tsx/cjs'), file];
  const load = needed.map((file) => `require(${JSON.stringify(file)});`);
  return new Worker(load.join(''), { eval: true, execArgv: [], workerData: { beats } });
}

/**
 * Feeds one thread from the queue until either is at its end. @param keepsLate what comes in after the abort
 * counts
 */
function drain<T, Task, Result>(
  thread: Worker,
  guard: Guard,
  queue: IterableIterator<T>,
  taskOf: (trial: T) => Task,
  onResult: (trial: T, result: Result) => void,
  signal: AbortSignal,
  keepsLate: boolean,
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
      if (signal.aborted && !keepsLate) return;
      try {
        if ('refused' in reply) throw new UsageError(reply.refused);
        if ('failure' in reply) throw new TrialFailure(current, reply.failure);
        onResult(current, reply.result);
        next();
      } catch (error) {
        reject(error);
      }
    };
    thread.on('error', reject).on('exit', onExit).on('message', onMessage);
    guard.onStuck = reject;
    next();
  });
}
