/**
 * The globals of JavaScript that every board has and that must be its own: timers, the present and chance.
 * They are Espruino's 2v29, on the board's HAL, so that they follow virtual time and its seeded numbers, and
 * are gone with everything else at the next boot.
 *
 * As in Espruino (`src/jswrap_interactive.c`, `src/jsinteractive.c`): a number tells one timer from another,
 * also a timeout from an interval; `clearTimeout()` clears all and `clearTimeout(undefined)` throws; an
 * interval keeps its rhythm, so that after a block it runs once for each period that was missed.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { Hal } from 'hal';

/** What they are made from. */
export interface Surroundings extends Pick<Hal, 'clock' | 'wallClock' | 'random'> {
  /** Left out: standard error, since stdout is the run's own, above all with --json. */
  readonly console?: Console;
}

const STDERR = new Console(process.stderr);

/** Of no board: nothing ever comes of a timer, it is 1970, and nobody reads what is printed. */
export const NOWHERE: Surroundings = {
  console: new Console(new Writable({ write: (_bytes, _encoding, done) => done() })),
  clock: { now: () => 0, setTimeout: () => 1, clearTimeout: () => {} },
  wallClock: { now: () => 0, set: () => {}, parse: Date.parse, synchronize: () => {} },
  random: { uint32: () => 0, seed: () => {} },
};

/** Their names. */
export const BOARD_GLOBALS = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'Date', 'Math', 'console'] as const;

type Callback = (...given: unknown[]) => void;

/** Shortest wait of a timer, ms: TIMER_MIN_INTERVAL of Espruino's `src/jsinteractive.h`. */
const MIN_WAIT_MS = 0.1;
const UINT32_VALUES = 2 ** 32;

export function boardGlobals({
  clock,
  wallClock,
  random,
  console = STDERR,
}: Surroundings): Record<(typeof BOARD_GLOBALS)[number], unknown> {
  /** Timers of the HAL by the number that the app has. */
  const pending = new Map<number, number>();
  let last = 0;

  function begin(callback: Callback, waitMs: unknown, given: unknown[], repeats: boolean): number {
    if (typeof callback !== 'function') throw new Error('Function not supplied!');
    const id = ++last;
    const periodMs = Math.max(Number(waitMs) || 0, MIN_WAIT_MS);
    let dueMs = clock.now();
    const wait = (): void => {
      dueMs += periodMs;
      pending.set(id, clock.setTimeout(run, Math.max(0, dueMs - clock.now())));
    };
    const run = (): void => {
      if (repeats) wait();
      else pending.delete(id);
      callback(...given);
    };
    wait();
    return id;
  }

  function clear(name: string, ids: readonly unknown[]): void {
    if (ids.length > 0 && ids[0] === undefined) throw new Error(`${name}(undefined) not allowed. Use ${name}() instead`);
    for (const id of ids.length === 0 ? [...pending.keys()] : [ids[0] as number]) {
      clock.clearTimeout(pending.get(id) ?? 0);
      pending.delete(id);
    }
  }

  return {
    setTimeout: (callback: Callback, waitMs: unknown, ...given: unknown[]) => begin(callback, waitMs, given, false),
    setInterval: (callback: Callback, waitMs: unknown, ...given: unknown[]) => begin(callback, waitMs, given, true),
    clearTimeout: (...ids: unknown[]) => clear('clearTimeout', ids),
    clearInterval: (...ids: unknown[]) => clear('clearInterval', ids),
    Date: dateOf(() => wallClock.now()),
    Math: Object.create(Math, { random: { value: () => random.uint32() / UINT32_VALUES } }),
    console,
  };
}

/** A date that is given is as good as any; only the present is the board's. */
function dateOf(nowMs: () => number): unknown {
  return new Proxy(Date, {
    apply: () => new Date(nowMs()).toString(),
    construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [nowMs()] : given, self) as object,
    get: (target, key) => (key === 'now' ? nowMs : Reflect.get(target, key)),
  });
}
