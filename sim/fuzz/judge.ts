/** Runs one case and says what broke: checks, the kit itself, or the run's end. */
import { UsageError } from 'host/user-error';
import { certificatesFor } from '../certificates/fleet.ts';
import { TooManyEvents } from '../kernel/kernel.ts';
import { run } from '../run/run.ts';
import { loadPrograms } from '../sandbox/load-firmware.ts';
import { loadOwn } from '../sandbox/own-firmware.ts';
import { programsOf } from '../scenario/groups.ts';
import { type Case, scenarioOf } from './case.ts';

export interface Finding {
  /** The name of a check, CRASH or ENDLESS. */
  name: string;
  /** What broke, when, on which board. */
  detail: string;
}

/** The kit threw. */
export const CRASH = 'crash';
/** The run did not come to its end. */
export const ENDLESS = 'endless';

/** Many times what the busiest case takes, and seconds of CPU time. */
const MAX_EVENTS = 5_000_000;

/**
 * @param signal ends the run early, when nobody asks for its result any more
 * @returns what broke, most often nothing; null: the case is not legal
 */
export async function judge(fuzzed: Case, signal?: AbortSignal, maxEvents = MAX_EVENTS): Promise<Finding[] | null> {
  const scenario = scenarioOf(fuzzed);
  if (scenario === null) return null;
  try {
    const { summary } = await run(scenario, await loadPrograms(programsOf(scenario), loadOwn), {
      certificates: await certificatesFor(scenario),
      kernel: { maxEvents },
      signal,
    });
    return summary.checks.filter(({ ok }) => !ok).map(({ name, detail = '' }) => ({ name, detail }));
  } catch (error) {
    // The firmware does what no board can: not a break of this case, but the end of all.
    if (error instanceof UsageError) throw error;
    return [findingOf(error)];
  }
}

export function findingOf(error: unknown): Finding {
  if (error instanceof TooManyEvents) return { name: ENDLESS, detail: error.message };
  return { name: CRASH, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
