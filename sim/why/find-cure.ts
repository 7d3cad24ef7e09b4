/**
 * What would have undone it: each setting one step up or down, then further steps, tried with the same luck
 * and, where luck counted, other luck after the moment. What looks hopeful after a few runs is tried in full.
 */

import type { Scenario } from '../scenario/scenario.ts';
import { type Change, circumstancesLeftAway, settingsChanged } from './changes.ts';
import { range } from './find-moment.ts';
import type { Outcome, Verdict } from './outcome.ts';
import type { Trial } from './play.ts';

export interface TriedChange extends Omit<Change, 'scenario'> {
  /** Runs without the outcome. */
  survived: number;
  of: number;
  /**
   * Up to the moment not a packet differs: what happened then, happened to it too. False: something differed
   * before, and from then on other packets are lost.
   */
  sameUntil: boolean;
  /**
   * It undoes the outcome in UNDONE of its runs: the same events, or else much more often than other luck
   * alone would have.
   */
  undoes: boolean;
}

/** null: interrupted. */
export type RunAll = (trials: readonly Trial[]) => Promise<Verdict[] | null>;

export interface CureSearch {
  scenario: Scenario;
  outcome: Outcome;
  /** From when on luck is other luck; 0: all of it, nothing decided it on the way. */
  fromMs: number;
  /** Just before, ms: till then the events of a change are compared; null: nothing is. */
  sameUntilMs: number | null;
  /** Of the trace of the run itself up to then. */
  digest: string;
  seeds: number;
  /** Share of runs without the outcome when all luck is other luck. */
  survivesByLuck: number;
  otherSeed(luck: number): number;
}

/** Runs in which a change shows whether it is worth more. */
const FIRST_RUNS = 4;
/** Of those runs that must be without the outcome. */
const HOPEFUL = 0.5;
/** Changes that are tried in full, of each kind and round. */
const MOST_IN_FULL = 3;
/** A change undoes the outcome when so many runs are without it. */
const UNDONE = 0.75;
/**
 * A change that lets other packets be lost changes luck too: where that alone helps more often, nobody can
 * tell which of them did.
 */
const MOST_BY_LUCK = 0.5;
/** Steps from what a setting is, until one undoes it. */
const STEPS = [1, 2, 4, 7];
/** Values on average that a round has to try. */
const CHANGES_EXPECTED = 20;

/** Runs, as a rule: most end after the first round. */
export function mostRuns(seeds: number): number {
  return 2 * (CHANGES_EXPECTED * FIRST_RUNS + MOST_IN_FULL * seeds);
}

/** The settings, then the circumstances, each the best first. null: interrupted. */
export async function findCure(search: CureSearch, runAll: RunAll): Promise<TriedChange[] | null> {
  const settings: TriedChange[] = [];
  for (const steps of STEPS) {
    const tried = await tryAll(settingsChanged(search.scenario, steps), search, runAll);
    if (tried === null) return null;
    settings.push(...tried);
    if (tried.some(({ undoes }) => undoes)) break;
  }
  const circumstances = await tryAll(circumstancesLeftAway(search.scenario), search, runAll);
  return circumstances && [...settings.sort(better), ...circumstances.sort(better)];
}

async function tryAll(changes: readonly Change[], search: CureSearch, runAll: RunAll): Promise<TriedChange[] | null> {
  const first = await tryEach(changes, range(1, Math.min(FIRST_RUNS, search.seeds)), search, runAll);
  if (first === null) return null;
  const hopeful = first
    .map((tried, index) => ({ tried, change: changes[index] }))
    .filter(({ tried }) => tried.survived / tried.of >= HOPEFUL && isComparable(tried, search))
    .sort((a, b) => better(a.tried, b.tried))
    .slice(0, MOST_IN_FULL);
  const lucks = range(FIRST_RUNS + 1, Math.max(0, search.seeds - FIRST_RUNS));
  const rest = await tryEach(
    hopeful.map(({ change }) => change),
    lucks,
    search,
    runAll,
  );
  if (rest === null) return null;
  hopeful.forEach(({ tried }, index) => {
    tried.survived += rest[index].survived;
    tried.of += rest[index].of;
    tried.undoes = tried.survived / tried.of >= UNDONE;
  });
  return first;
}

async function tryEach(
  changes: readonly Change[],
  lucks: readonly number[],
  search: CureSearch,
  runAll: RunAll,
): Promise<TriedChange[] | null> {
  const { outcome, fromMs, sameUntilMs, digest, otherSeed } = search;
  const trials = changes.flatMap(({ scenario }) =>
    lucks.map((luck): Trial => {
      const wantsDigest = luck === 1;
      return { scenario, outcome, otherLuck: { atMs: fromMs, seed: otherSeed(luck) }, digestUntilMs: wantsDigest ? sameUntilMs : null };
    }),
  );
  const verdicts = await runAll(trials);
  return (
    verdicts &&
    changes.map(({ scenario: _, ...change }, index) => {
      const own = verdicts.slice(index * lucks.length, (index + 1) * lucks.length);
      return {
        ...change,
        survived: own.filter(({ happened }) => !happened).length,
        of: own.length,
        sameUntil: sameUntilMs === null || (own[0]?.digest ?? '') === digest,
        undoes: false,
      };
    })
  );
}

function isComparable({ sameUntil }: TriedChange, { survivesByLuck }: CureSearch): boolean {
  return sameUntil || survivesByLuck <= MOST_BY_LUCK;
}

/** What surely undoes it, by the same events, in the fewest steps. */
function better(a: TriedChange, b: TriedChange): number {
  return (
    Number(b.undoes) - Number(a.undoes) ||
    Number(b.sameUntil) - Number(a.sameUntil) ||
    (a.undoes ? a.steps - b.steps : 0) ||
    b.survived / b.of - a.survived / a.of ||
    a.steps - b.steps
  );
}
