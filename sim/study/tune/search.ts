/**
 * The search behind `tune`: races settings against each other over seeds and gives up a setting as soon as it
 * is surely out.
 *
 * It begins with a coarse part of the grid, FIRST_SEEDS runs each, and goes on to the neighbours of what is
 * on the Pareto front so far (of what comes nearest to the goals while nothing keeps them), until the front
 * has no neighbour left that has not run. Then whoever is undecided gets twice the seeds, until nobody is, or
 * all have the most. This is racing as in irace (López-Ibáñez et al. 2016: the same instances for all, paired
 * t tests, elites whose surroundings are sampled) with the doubling of successive halving (Jamieson and
 * Talwalkar 2016), but without its cut by rank. That a neighbour of nothing good is no good either is
 * assumed, not shown.
 */
import type { TrialResult } from '../sweep/trial.ts';
import type { Trial } from '../sweep/trial-log.ts';
import { assess, differ, type Field, type Objectives, type Place } from './search-field.ts';
import type { Lattice } from './search-lattice.ts';
import { Samples } from './search-samples.ts';

/**
 * The fewest that give an interval which is not wider than any effect: t(0.975) is 12.7 with two runs, 4.3
 * with three.
 */
const FIRST_SEEDS = 3;
const GROWTH = 2;
/** While nothing keeps the goals, so many of the nearest are looked around. */
const NEAREST = 3;

export interface SearchPlan {
  lattice: Lattice;
  objectives: Objectives;
  /** In the order in which every cell takes them. */
  seeds: readonly number[];
  /** Most runs. */
  budget: number;
}

export interface SearchResult {
  samples: Samples;
  runs: number;
  /** decided: nobody who could still win had seeds left, or needed any. */
  end: 'decided' | 'budget' | 'interrupted';
}

/**
 * @param run returns the results in the order of the trials, or null when it was interrupted. Called with
 *   some trials at a time, each of which may be run on its own.
 */
export async function search(plan: SearchPlan, run: (trials: readonly Trial[]) => Promise<TrialResult[] | null>): Promise<SearchResult> {
  const { lattice, objectives, seeds, budget } = plan;
  const samples = new Samples(lattice.size);
  let runs = 0;
  let next = raise(lattice.coarse(), Math.min(FIRST_SEEDS, seeds.length));
  while (next.length > 0) {
    const wanted = next.flatMap(({ cell, upTo }) => seeds.slice(samples.count(cell), upTo).map((seed): Trial => ({ cell, seed })));
    const trials = wanted.slice(0, budget - runs);
    const results = await run(trials);
    if (results === null) return { samples, runs, end: 'interrupted' };
    for (const [index, { cell }] of trials.entries()) samples.add(cell, results[index]);
    runs += trials.length;
    if (trials.length < wanted.length) return { samples, runs, end: 'budget' };
    next = nextBatch(assess(samples, objectives, 'likely'), samples, plan);
  }
  return { samples, runs, end: 'decided' };
}

/** Cells, and how many seeds they shall have. */
type Batch = { cell: number; upTo: number }[];

function raise(cells: readonly number[], upTo: number): Batch {
  return cells.map((cell) => ({ cell, upTo }));
}

function nextBatch(field: Field, samples: Samples, { lattice, objectives, seeds }: SearchPlan): Batch {
  const { trusted } = objectives;
  const chosen = elites(field, samples, objectives);
  // What is best of many after few runs is mostly luck, and to look around it a waste.
  const hasty = chosen.filter((cell) => samples.count(cell) < trusted);
  const around = new Set(chosen.filter((cell) => samples.count(cell) >= trusted).flatMap((cell) => lattice.neighbours(cell)));
  const fresh = [...around].filter((cell) => samples.count(cell) === 0).sort((a, b) => a - b);
  if (hasty.length + fresh.length > 0) return [...raise(hasty, trusted), ...raise(fresh, Math.min(FIRST_SEEDS, seeds.length))];
  const undecided = contenders(field).filter((cell) => samples.count(cell) < seeds.length);
  const upTo = Math.min(Math.min(...undecided.map((cell) => samples.count(cell))) * GROWTH, seeds.length);
  return raise(
    undecided.filter((cell) => samples.count(cell) < upTo),
    upTo,
  );
}

/**
 * Around which to look further: the front without what cannot be told apart from others of it, or what comes
 * nearest to the goals.
 */
function elites({ places, leader }: Field, samples: Samples, objectives: Objectives): number[] {
  if (leader === null) {
    const nearest = [...places].sort((a, b) => a.shortfall - b.shortfall || a.cell - b.cell);
    return nearest.slice(0, NEAREST).map(({ cell }) => cell);
  }
  const chosen = [leader];
  const front = places.filter(({ onFront }) => onFront).map(({ cell }) => cell);
  for (const cell of front.sort((a, b) => samples.count(b) - samples.count(a) || a - b)) {
    if (chosen.every((other) => differ(cell, other, samples, objectives))) chosen.push(cell);
  }
  return chosen;
}

/**
 * Who needs more seeds: the leader and whoever may still be recommended in its place, or is on the front if
 * it keeps the goals.
 */
function contenders({ places, leader }: Field): number[] {
  const isOut = ({ verdict, beatenBy, trails, onFront }: Place) =>
    verdict === 'missed' || beatenBy !== null || (trails && !(verdict === 'open' && onFront));
  const rivals = places.filter((place) => place.cell !== leader && !isOut(place)).map(({ cell }) => cell);
  if (leader === null) return rivals;
  const isSettled = rivals.length === 0 && places.some(({ cell, verdict }) => cell === leader && verdict === 'met');
  return isSettled ? [] : [...rivals, leader];
}
