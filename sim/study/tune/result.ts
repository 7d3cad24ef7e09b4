/**
 * What a tuning came to, as `front.json` holds it and as table and report show it: the Pareto front, the
 * recommended setting, its neighbours, and what came nearest when nothing keeps the goals.
 */
import type { Estimate } from '../statistics/statistics.ts';
import type { Study } from '../sweep/study.ts';
import { judge, type Verdict } from './goal.ts';
import type { SearchResult } from './search.ts';
import { assess, type Field, type Objectives, type Place } from './search-field.ts';
import type { Lattice } from './search-lattice.ts';
import type { Samples } from './search-samples.ts';

/** `front.json`. */
export interface TuneResult {
  version: 1;
  scenario: string;
  about: string;
  /** Of the study: scenario, space, seeds and metrics. */
  digest: string;
  command: string;
  goals: readonly string[];
  minimize: readonly string[];
  parameters: { name: string; values: readonly unknown[] }[];
  seeds: { first: number; most: number };
  /** Of one run: boards × hours, by which what a run counts becomes a price per board-hour. */
  board_hours: number;
  runs: {
    used: number;
    budget: number;
    /** Every cell of the grid with as many seeds as the recommended one, or the most that any had. */
    fullGrid: number;
  };
  /** decided: more runs would not have changed it; budget: they ran out before. */
  end: 'decided' | 'budget';
  recommended: TunePoint | null;
  /** The recommended among them; by the first objective. */
  front: TunePoint[];
  neighbours: Neighbour[];
  /** When nothing keeps the goals: what misses them least, the least first. */
  nearest: TunePoint[];
  /** All that have run, those above included; in the order of the grid. */
  points: TunePoint[];
}

export interface TunePoint {
  cell: number;
  parameters: Record<string, unknown>;
  settings: readonly string[];
  seeds: number;
  verdict: Verdict;
  /** Goals that are not met, and invariants that broke. */
  fails: string[];
  onFront: boolean;
  /** On the front, and by its score not surely worse than the recommended. */
  tied: boolean;
  /** By name: of the goals and of the objectives. */
  metrics: Record<string, Estimate>;
}

export interface Neighbour {
  point: TunePoint;
  /** Neighbour − recommended, on the seeds that both have run with, with its 95 % interval. */
  differences: { metric: string; difference: Estimate; moreThanNoise: boolean }[];
}

const HOUR_MS = 3_600_000;

/** As many as anybody reads. */
const NEAREST = 5;

interface Searched {
  study: Study;
  lattice: Lattice;
  objectives: Objectives;
  minimize: readonly string[];
  budget: number;
  command: string;
}

export function concludeTune(searched: Searched, { samples, runs, end }: SearchResult & { end: 'decided' | 'budget' }): TuneResult {
  const { study, lattice, objectives, minimize, budget, command } = searched;
  const field = assess(samples, objectives, 'met');
  const points = field.places.map((place) => pointOf(place, field, searched, samples));
  const byCell = new Map(points.map((point) => [point.cell, point]));
  const recommended = field.leader === null ? null : (byCell.get(field.leader) ?? null);
  const most = recommended?.seeds ?? Math.max(...points.map(({ seeds }) => seeds));
  const shortfalls = new Map(field.places.map((place) => [place.cell, place.shortfall]));
  const shortfallOf = ({ cell }: TunePoint) => shortfalls.get(cell) ?? Infinity;
  return {
    version: 1,
    scenario: study.base.name,
    about: study.base.about,
    digest: study.digest,
    command,
    goals: objectives.goals.map(({ expr }) => expr),
    minimize,
    parameters: study.parameters.map(({ name, values }) => ({ name, values })),
    seeds: { first: study.seeds[0], most: study.seeds.length },
    board_hours: (study.base.boards.count * study.base.durationMs) / HOUR_MS,
    runs: { used: runs, budget, fullGrid: lattice.size * most },
    end,
    recommended,
    front: points.filter(({ onFront }) => onFront).sort((a, b) => mean(a, minimize[0]) - mean(b, minimize[0])),
    neighbours: recommended === null ? [] : neighboursOf(recommended, byCell, searched, samples),
    nearest: recommended === null ? [...points].sort((a, b) => shortfallOf(a) - shortfallOf(b)).slice(0, NEAREST) : [],
    points,
  };
}

function pointOf(place: Place, field: Field, { study, objectives }: Searched, samples: Samples): TunePoint {
  const { cell, verdict, onFront, trails } = place;
  const metrics = Object.fromEntries(study.metrics.map((name, index) => [name, samples.estimate(cell, index)]));
  const open = objectives.goals.filter((goal) => judge(goal, metrics[goal.metric], objectives.trusted) !== 'met');
  return {
    cell,
    parameters: study.cells[cell].values,
    settings: study.cells[cell].settings,
    seeds: samples.count(cell),
    verdict,
    fails: [...open.map(({ expr }) => expr), ...samples.broken(cell)],
    onFront,
    tied: onFront && !trails && cell !== field.leader,
    metrics,
  };
}

function neighboursOf(recommended: TunePoint, points: Map<number, TunePoint>, { study, lattice }: Searched, samples: Samples): Neighbour[] {
  const raced = lattice.neighbours(recommended.cell).flatMap((cell) => points.get(cell) ?? []);
  return raced.map((point) => ({
    point,
    differences: study.metrics.map((metric, index) => {
      const difference = samples.difference(point.cell, recommended.cell, (values) => values[index]);
      const { low, high } = difference;
      return { metric, difference, moreThanNoise: low !== null && high !== null && (low > 0 || high < 0) };
    }),
  }));
}

function mean({ metrics }: TunePoint, metric: string): number {
  return metrics[metric].mean ?? Infinity;
}
