/**
 * Where a search stands: of every cell that has run whether it keeps the goals, which cells are on the Pareto
 * front, and which of those leads.
 *
 * Everything is decided on the seeds that two cells have in common. "By means" needs no evidence and says
 * where to look; to give a cell up takes a 95 % interval. No correction is made for looking often and at many
 * pairs.
 */
import type { Estimate } from '../statistics/statistics.ts';
import type { TrialResult } from '../sweep/trial.ts';
import { type Goal, judge, shortfall, type Verdict } from './goal.ts';
import { isAboveZero, type Samples } from './search-samples.ts';

export interface Objectives {
  goals: readonly Goal[];
  /** By index of the metric; the goals' in the order of the goals. */
  goalMetrics: readonly number[];
  minimize: readonly number[];
  /** Runs from which on a spread of zero is believed. */
  trusted: number;
  /** Most runs of a cell: a goal that is still open then stays open. */
  mostSeeds: number;
}

export interface Place {
  cell: number;
  verdict: Verdict;
  /** By means, over all goals; 0: keeps all. */
  shortfall: number;
  /** A cell that keeps the goals, is nowhere worse by means and somewhere surely better. */
  beatenBy: number | null;
  /** Of those that may lead, by means. */
  onFront: boolean;
  /** Surely worse than the leader by score. */
  trails: boolean;
}

export interface Field {
  places: Place[];
  /** The one of the front with the least score. */
  leader: number | null;
}

/**
 * @param frontOf who may be on it: those that surely keep the goals, or while the search goes on also those
 *   that do by means and have seeds left
 */
export function assess(samples: Samples, objectives: Objectives, frontOf: 'met' | 'likely'): Field {
  const places = samples.raced().map((cell) => placeOf(cell, samples, objectives));
  const isLikely = ({ cell, verdict, shortfall }: Place) =>
    frontOf === 'likely' && verdict === 'open' && shortfall === 0 && samples.count(cell) < objectives.mostSeeds;
  const eligible = places.filter((place) => place.verdict === 'met' || isLikely(place));
  for (const place of eligible)
    place.onFront = !eligible.some((other) => other !== place && dominates(other.cell, place.cell, samples, objectives));
  const met = places.filter(({ verdict }) => verdict === 'met');
  for (const place of places)
    place.beatenBy = met.find((other) => other !== place && beats(other.cell, place.cell, samples, objectives))?.cell ?? null;

  const leader = leaderOf(places, samples, objectives);
  if (leader !== null)
    for (const place of places) place.trails = isAboveZero(scoreDifference(place.cell, leader, samples, objectives), objectives.trusted);
  return { places, leader };
}

/** Of a − b, seed by seed. */
export function scoreDifference(a: number, b: number, samples: Samples, { minimize }: Objectives): Estimate {
  return samples.difference(a, b, (values) => scoreOf(values, minimize));
}

function placeOf(cell: number, samples: Samples, { goals, goalMetrics, trusted }: Objectives): Place {
  const estimates = goalMetrics.map((metric) => samples.estimate(cell, metric));
  const verdicts = goals.map((goal, index) => judge(goal, estimates[index], trusted));
  const isBroken = samples.broken(cell).length > 0;
  const verdict = isBroken || verdicts.includes('missed') ? 'missed' : verdicts.includes('open') ? 'open' : 'met';
  const short = goals.reduce((sum, goal, index) => sum + shortfall(goal, estimates[index]), 0);
  return { cell, verdict, shortfall: isBroken ? Infinity : short, beatenBy: null, onFront: false, trails: false };
}

/** Surely, in any objective. */
export function differ(a: number, b: number, samples: Samples, { minimize, trusted }: Objectives): boolean {
  return minimize.some((metric) => {
    const figure = (values: TrialResult['values']) => values[metric];
    return isAboveZero(samples.difference(a, b, figure), trusted) || isAboveZero(samples.difference(b, a, figure), trusted);
  });
}

/** By means. Of two that are the same in everything the one that comes first in the grid. */
function dominates(a: number, b: number, samples: Samples, { minimize }: Objectives): boolean {
  let isBetter = a < b;
  for (const metric of minimize) {
    const mean = samples.meanDifference(b, a, metric);
    if (mean === null || mean < 0) return false;
    if (mean > 0) isBetter = true;
  }
  return isBetter;
}

/** The same with evidence. */
function beats(a: number, b: number, samples: Samples, objectives: Objectives): boolean {
  if (!dominates(a, b, samples, objectives)) return false;
  const { minimize, trusted } = objectives;
  const differences = minimize.map((metric) => samples.difference(b, a, (values) => values[metric]));
  const isBetter = differences.map((one) => isAboveZero(one, trusted));
  // With a few runs a mean says little: then it has to be surely better in all of them.
  if (!differences.every(({ n }, index) => isBetter[index] || n >= trusted)) return false;
  return isBetter.includes(true) || differences.every(({ low, high }) => low === 0 && high === 0);
}

function leaderOf(places: readonly Place[], samples: Samples, { minimize }: Objectives): number | null {
  const scored = places
    .filter(({ onFront }) => onFront)
    .map(({ cell }) => ({ cell, score: samples.mean(cell, (values) => scoreOf(values, minimize)) ?? Infinity }));
  return scored.sort((a, b) => a.score - b.score || a.cell - b.cell)[0]?.cell ?? null;
}

/**
 * What a run costs in all objectives: the sum of their logarithms, so that a tenth less of one weighs as much
 * as a tenth less of another, whatever their units and whoever else is compared. One is added to each, for
 * counts that can be zero.
 */
function scoreOf(values: TrialResult['values'], minimize: readonly number[]): number | null {
  let score = 0;
  for (const metric of minimize) {
    const value = values[metric];
    if (value === null) return null;
    score += Math.log1p(value);
  }
  return score;
}
