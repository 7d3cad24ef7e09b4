/** A simulation from settings to its result, and a world to be moved by hand. */
import { type Progress, Run, type RunOptions, run } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Ready, readSettings } from './read-settings.ts';
import { resultOf, type SimulationResult } from './result.ts';
import type { Settings } from './settings.ts';
import { SimulatedWorld } from './simulated-world.ts';

/** How often `onProgress` is called at most, in a whole run. */
const MAX_PROGRESS_CALLS = 100;

export interface WorldOptions extends Settings {
  /** A scenario file, from the working directory; the settings beside it are changes to it. */
  scenario?: string | URL;
  /** Ends it: what is awaited rejects with the signal's reason, and nothing goes on. */
  signal?: AbortSignal;
  /** At most 100 times in a run. */
  onProgress?: (progress: SimulationProgress) => void;
  /** What is odd about the firmware and no reason to refuse it, in lines. Left out: nobody is told. */
  onNote?: (line: string) => void;
}

export interface SimulateOptions extends WorldOptions {
  /** Gets the world before it starts: to listen to its events, and to say what happens at which time. */
  onWorld?: (world: SimulatedWorld) => void;
}

export interface SimulationProgress extends Progress {
  durationMs: number;
}

/**
 * Runs a fleet from power-up to the end of its duration.
 * @throws UsageError that says what is wrong with the settings or the firmware, and where
 */
export async function simulate({ onWorld, ...options }: SimulateOptions = {}): Promise<SimulationResult> {
  if (onWorld === undefined) return await runThrough(options);
  const world = await createWorld(options);
  try {
    onWorld(world);
    await world.run();
    return await world.finish();
  } finally {
    world.close();
  }
}

/** A world that stands at its beginning. @throws UsageError as `simulate` does */
export async function createWorld(options: WorldOptions = {}): Promise<SimulatedWorld> {
  const { scenario, firmware, run } = await ready(options);
  const one = await Run.open(scenario, firmware, { ...run, moreSteps: true });
  run.signal?.throwIfAborted();
  return new SimulatedWorld(one, scenario, run.signal);
}

/** Nobody looks at the world on the way, so nothing is kept for that. */
async function runThrough(options: WorldOptions): Promise<SimulationResult> {
  const { scenario, firmware, run: parts } = await ready(options);
  const beganAtMs = performance.now();
  const result = await run(scenario, firmware, parts);
  parts.signal?.throwIfAborted();
  return resultOf(result, performance.now() - beganAtMs);
}

async function ready(options: WorldOptions): Promise<Ready & { run: RunOptions }> {
  const { scenario: file, signal, onProgress, onNote = () => {}, ...settings } = options;
  signal?.throwIfAborted();
  const { scenario, firmware } = await readSettings(settings, file, onNote);
  signal?.throwIfAborted();
  return { scenario, firmware, run: { signal, onProgress: onProgress && seldom(onProgress, scenario) } };
}

function seldom(tell: (progress: SimulationProgress) => void, { durationMs }: Scenario): (progress: Progress) => void {
  // The first and the last come besides.
  const stepMs = durationMs / (MAX_PROGRESS_CALLS - 2);
  let nextMs = 0;
  return (progress) => {
    if (progress.virtualMs < nextMs && progress.virtualMs < durationMs) return;
    nextMs = Math.min(progress.virtualMs + stepMs, durationMs);
    tell({ ...progress, durationMs });
  };
}
