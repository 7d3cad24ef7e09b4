/** The few assertions that the cases need: no test library, so that they run on a board as well. */
import type { Rig } from './rig.ts';

/**
 * How long something promised may take, ms: longer than a join (about 5 s), short enough that a failing test
 * on real sockets ends.
 */
const PATIENCE_MS = 15_000;
/** How often `eventually` looks, ms. */
const LOOK_MS = 5;
/**
 * How long nothing may happen, ms, before "never" is believed: longer than what a station in power save can
 * owe (about 300 ms).
 */
export const QUIET_MS = 400;

export function check(ok: boolean, message: string): asserts ok {
  if (!ok) throw new Error(message);
}

export function same(actual: unknown, expected: unknown, what: string): void {
  check(actual === expected, `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Lets time pass until `condition` holds. */
export async function eventually(rig: Rig, condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += LOOK_MS) {
    check(waitedMs < PATIENCE_MS, `${what}: not within ${PATIENCE_MS} ms`);
    await rig.advance(LOOK_MS);
  }
}

/** Lets enough time pass for anything that must not happen to happen. */
export function quiet(rig: Rig): Promise<void> {
  return rig.advance(QUIET_MS);
}

/** What the call threw, or ''. */
export function refusal(call: () => void): string {
  try {
    call();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

function show(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  return value.length > 80 ? `${JSON.stringify(value.slice(0, 80))}… (${value.length} characters)` : JSON.stringify(value);
}
