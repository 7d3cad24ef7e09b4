/**
 * The steps of one run: what a scenario leaves to chance (`every: { mean: 10m }`) drawn by the run's seed,
 * each step from streams of its own. Steps that leave nothing to it stay as they are, and draw nothing.
 */
import { type RandomStream, RandomStreams } from '../kernel/random.ts';
import { drawMs, type Spread } from '../kernel/spread.ts';
import type { Scenario, Step } from './scenario.ts';
import { MAX_STEPS } from './settings.ts';

/** By chance more than resolve-steps.ts expects, which allows for MAX_STEPS. */
const MAX_DRAWN_STEPS = 10 * MAX_STEPS;

/** A gap that has lasted for so long is drawn anew at most so often until it lasts longer; then it ends. */
const MAX_REDRAWS = 1_000;

/** Another seed from this time of the world on. */
export interface OtherLuck {
  atMs: number;
  seed: number;
}

/**
 * @param first the number of the first of them in the run
 * @param other what begins until then is as the scenario's own seed has it
 */
export function drawnSteps(scenario: StepsOfRun, first = 0, other: OtherLuck | null = null): Step[] {
  if (!scenario.steps.some(({ every, forDrawn }) => every !== undefined || forDrawn !== undefined)) return scenario.steps;
  const own = draw(scenario, first, null);
  if (other === null) return own;
  // Whose luck has a number keeps it, however many steps there are before it now.
  const before = own.flatMap((step, place) => (step.atMs <= other.atMs ? [{ ...step, number: first + place }] : []));
  const after = draw(scenario, first, other).filter(({ atMs }) => atMs > other.atMs);
  return [...before, ...after.map((step, place) => ({ ...step, number: first + own.length + place }))];
}

type StepsOfRun = Pick<Scenario, 'seed' | 'durationMs' | 'steps'>;

function draw({ seed, durationMs, steps }: StepsOfRun, first: number, other: OtherLuck | null): Step[] {
  const streams = new RandomStreams(seed);
  const others = other && { atMs: other.atMs, streams: new RandomStreams(other.seed) };
  const drawn = steps.flatMap((step, place) => {
    const { every: _every, times: _times, forDrawn, number: index = first + place, ...fixed } = step;
    const lasts = new Luck(`step-${index}/for`, streams, others);
    const gaps = new Luck(`step-${index}/every`, streams, others);
    return startTimes(step, durationMs, gaps).map(
      (atMs): Step => ({ ...fixed, atMs, forMs: forDrawn === undefined ? step.forMs : drawMs(forDrawn, lasts.at(atMs)) }),
    );
  });
  if (drawn.length > MAX_DRAWN_STEPS) throw new Error(`${drawn.length} steps were drawn; at most ${MAX_DRAWN_STEPS} were expected`);
  return drawn;
}

/** The first after a gap, too: before `at:` nothing is known of it. */
function startTimes({ atMs, every, times = Number.POSITIVE_INFINITY, parameters }: Step, durationMs: number, gaps: Luck): number[] {
  if (every === undefined) return [atMs];
  // What is expected then has to be judged before the end.
  const lastMs = durationMs - (typeof parameters.within === 'number' ? parameters.within : 0);
  const starts: number[] = [];
  for (let next = gaps.after(atMs, every); next <= lastMs && starts.length < times; next = gaps.after(next, every)) {
    starts.push(Math.round(next * 1_000) / 1_000);
  }
  return starts;
}

/** A stream that is another one from some time on. */
class Luck {
  private readonly own: RandomStream;
  private readonly other: RandomStream | null;
  private readonly changesAtMs: number;

  constructor(name: string, streams: RandomStreams, others: { atMs: number; streams: RandomStreams } | null) {
    this.own = streams.stream(name);
    this.other = others?.streams.stream(name) ?? null;
    this.changesAtMs = others?.atMs ?? Number.POSITIVE_INFINITY;
  }

  at(ms: number): RandomStream {
    return this.other !== null && ms > this.changesAtMs ? this.other : this.own;
  }

  /**
   * The end of a gap. One that is open when luck changes is drawn anew among those that last till then at
   * least.
   */
  after(fromMs: number, every: Spread): number {
    const stream = this.at(fromMs);
    const untilMs = fromMs + drawMs(every, stream);
    if (this.other === null || stream === this.other || untilMs <= this.changesAtMs) return untilMs;
    for (let tries = 0; tries < MAX_REDRAWS; tries++) {
      const anewMs = fromMs + drawMs(every, this.other);
      if (anewMs > this.changesAtMs) return anewMs;
    }
    return untilMs;
  }
}
