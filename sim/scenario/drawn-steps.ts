/**
 * The steps of one run: what a scenario leaves to chance (`every: { mean: 10m }`) drawn by the run's seed,
 * each step from streams of its own. Steps that leave nothing to it stay as they are, and draw nothing.
 */
import { RandomStreams } from '../kernel/random.ts';
import { drawMs } from './language/spread.ts';
import type { Scenario, Step } from './scenario.ts';
import { MAX_STEPS } from './settings.ts';

/** By chance more than resolve-steps.ts expects, which allows for MAX_STEPS. */
const MAX_DRAWN_STEPS = 10 * MAX_STEPS;

/** @param first the number of the first of them in the run */
export function drawnSteps({ seed, durationMs, steps }: Pick<Scenario, 'seed' | 'durationMs' | 'steps'>, first = 0): Step[] {
  if (!steps.some(({ every, forDrawn }) => every !== undefined || forDrawn !== undefined)) return steps;
  const streams = new RandomStreams(seed);
  const drawn = steps.flatMap((step, place) => {
    const index = first + place;
    const lasts = streams.stream(`step-${index}/for`);
    const { every: _every, times: _times, forDrawn, ...fixed } = step;
    return startTimes(step, durationMs, streams, index).map(
      (atMs): Step => ({ ...fixed, atMs, forMs: forDrawn === undefined ? step.forMs : drawMs(forDrawn, lasts) }),
    );
  });
  if (drawn.length > MAX_DRAWN_STEPS) throw new Error(`${drawn.length} steps were drawn; at most ${MAX_DRAWN_STEPS} were expected`);
  return drawn;
}

/** The first after a gap, too: before `at:` nothing is known of it. */
function startTimes(
  { atMs, every, times = Number.POSITIVE_INFINITY, parameters }: Step,
  durationMs: number,
  streams: RandomStreams,
  index: number,
): number[] {
  if (every === undefined) return [atMs];
  const gaps = streams.stream(`step-${index}/every`);
  // What is expected then has to be judged before the end.
  const lastMs = durationMs - (typeof parameters.within === 'number' ? parameters.within : 0);
  const starts: number[] = [];
  for (let next = atMs + drawMs(every, gaps); next <= lastMs && starts.length < times; next += drawMs(every, gaps)) {
    starts.push(Math.round(next * 1_000) / 1_000);
  }
  return starts;
}
