/** Why something came of a run: the run itself, then many that share its luck up to a time, then changes. */
import { otherSeed } from '../kernel/random.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { findCure, mostRuns as mostCureRuns, type RunAll, type TriedChange } from './find-cure.ts';
import { type Ask, findMoment, type Moment, mostRuns, type Point, share } from './find-moment.ts';
import type { Outcome, Verdict } from './outcome.ts';
import type { Listening, Trial } from './play.ts';
import { type Happening, Witness } from './witness.ts';

export interface Analysis {
  outcome: Outcome;
  /** Of the run itself: how it happened, and when that was known. */
  own: Verdict;
  points: readonly Point[];
  moment: Moment;
  /** Around the moment, by time; `decisive`: drawn between the two points that it lies between. */
  happenings: readonly (Happening & { decisive: boolean })[];
  settings: readonly TriedChange[];
  circumstances: readonly TriedChange[];
}

export interface Parts {
  scenario: Scenario;
  outcome: Outcome;
  /** Other lucks at each time. */
  seeds: number;
  /** Plays one run here and now. */
  play(trial: Trial, listening?: Listening): Promise<Verdict>;
  runAll: RunAll;
  /** How many runs there will be at most, as soon as that is known. */
  onPlan?(runs: number): void;
}

/** Before the moment and after it, ms: what led to it and what came of it. */
const BEFORE_MS = 60_000;
const AFTER_MS = 15_000;
/** That are told before it and after it. */
const TOLD_BEFORE = 10;
const TOLD_AFTER = 5;
/** Of the decisive ones. */
const TOLD_DECISIVE = 12;
/** Times that are searched at most; of more every second, every fourth … is left. */
const MAX_TIMES = 1_000_000;

export type Asked = { kind: 'analysed'; analysis: Analysis } | { kind: 'held'; own: Verdict } | { kind: 'interrupted' };

export async function analyse(parts: Parts): Promise<Asked> {
  const { scenario, outcome, seeds, play, runAll, onPlan } = parts;
  const own: Trial = { scenario, outcome, otherLuck: null, digestUntilMs: null };
  const times = new Times();
  const happened = await play(own, { onLine: (_, atMs) => times.add(atMs) });
  if (!happened.happened) return { kind: 'held', own: happened };
  const search = { timesMs: times.all, endMs: happened.knownAtMs, seeds };
  onPlan?.(mostRuns(search) + mostCureRuns(seeds));

  const course = await findMoment(search, askOf(parts));
  if (course === null) return { kind: 'interrupted' };
  const { moment, points } = course;
  const [fromMs, sameUntilMs] = moment.kind === 'from-the-start' ? [0, null] : [moment.after.atMs, moment.before.atMs];
  const { digest, happenings } = await look(own, moment, happened, play);
  const luckOf = (luck: number) => otherSeed(scenario.seed, luck);
  const survivesByLuck = 1 - share(points[0]);
  const tried = await findCure({ scenario, outcome, fromMs, sameUntilMs, digest, seeds, survivesByLuck, otherSeed: luckOf }, runAll);
  if (tried === null) return { kind: 'interrupted' };
  const [settings, circumstances] = (['setting', 'circumstance'] as const).map((kind) => tried.filter((one) => one.kind === kind));
  return { kind: 'analysed', analysis: { outcome, own: happened, points, moment, happenings, settings, circumstances } };
}

function askOf({ scenario, outcome, runAll }: Parts): Ask {
  return async (timesMs, lucks) => {
    const trials = timesMs.flatMap((atMs) =>
      lucks.map((luck): Trial => ({ scenario, outcome, otherLuck: { atMs, seed: otherSeed(scenario.seed, luck) }, digestUntilMs: null })),
    );
    const verdicts = await runAll(trials);
    return (
      verdicts &&
      timesMs.map((atMs, place) => {
        const own = verdicts.slice(place * lucks.length, (place + 1) * lucks.length);
        return { atMs, happened: own.filter(({ happened }) => happened).length, of: own.length };
      })
    );
  };
}

/** Plays the run once more, and looks at the moment. */
async function look(
  own: Trial,
  moment: Moment,
  { detail, knownAtMs }: Verdict,
  play: Parts['play'],
): Promise<{ digest: string; happenings: Analysis['happenings'] }> {
  const [afterMs, atMs] = spanOf(moment, knownAtMs);
  const hasMoment = moment.kind !== 'from-the-start';
  const witness = new Witness(afterMs - BEFORE_MS, hasMoment ? atMs + AFTER_MS : atMs);
  const trial = { ...own, digestUntilMs: hasMoment ? moment.before.atMs : null };
  const { digest } = await play(trial, { tap: witness, onLine: (line, at) => witness.onLine(line, at) });
  return { digest, happenings: happeningsOf(witness.happenings, moment, detail) };
}

/** In which it was decided, ms: from then, exclusive, to then. */
function spanOf(moment: Moment, knownAtMs: number): [afterMs: number, atMs: number] {
  if (moment.kind === 'from-the-start') return [knownAtMs, knownAtMs];
  return moment.kind === 'moment' ? [moment.before.atMs, moment.after.atMs] : [moment.fromMs, moment.toMs];
}

function happeningsOf(all: readonly Happening[], moment: Moment, detail: string): Analysis['happenings'] {
  if (moment.kind === 'from-the-start') return eventsBefore(all, detail);
  const most = decisiveIn(all, moment.before.atMs, moment.after.atMs);
  if (moment.kind === 'moment') return toldOf(all, most);
  // Of what made it likely bit by bit: the losses of whoever had the one that did most, and that one.
  const boards = new Set(most.map(({ board }) => board));
  const losses = decisiveIn(all, moment.fromMs, moment.toMs).filter(({ board, isLoss }) => isLoss && boards.has(board));
  return toldOf(all, [...new Set([...losses, ...most.slice(0, 1)])]);
}

function decisiveIn(all: readonly Happening[], afterMs: number, atMs: number): Happening[] {
  const isWithin = (ms: number) => ms > afterMs && ms <= atMs;
  const decisive = all.filter((one) => isWithin(one.atMs) || isWithin(one.decidedMs));
  // What was lost says more than what was not.
  return decisive.sort((a, b) => Number(b.isLoss) - Number(a.isLoss) || a.atMs - b.atMs).slice(0, TOLD_DECISIVE);
}

/** Of a run that nothing decided: what the board did that is named, until it was known. */
function eventsBefore(all: readonly Happening[], detail: string): Analysis['happenings'] {
  const [named] = /\bboard-\d+\b/.exec(detail) ?? [];
  const events = all.filter(({ board, isPacket }) => !isPacket && named !== undefined && (board === named || board === ''));
  return marked(events.slice(-TOLD_BEFORE), false);
}

/** With what led to it and what came of it, for the same boards and the first whose channel ended then. */
function toldOf(all: readonly Happening[], decisive: readonly Happening[]): Analysis['happenings'] {
  if (decisive.length === 0) return [];
  const main = [...decisive].sort((a, b) => a.atMs - b.atMs);
  const lastMs = main[main.length - 1].atMs;
  const later = all.filter(({ atMs }) => atMs > lastMs);
  const ends = later.filter(({ isEnd }) => isEnd).slice(0, 1);
  const boards = new Set([...decisive, ...ends].map(({ board }) => board));
  const isOurs = ({ board }: Happening) => board === '' || boards.has(board);
  const before = all.filter((one) => one.atMs < main[0].atMs && isOurs(one) && !main.includes(one)).slice(-TOLD_BEFORE);
  const after = [...new Set([...later.filter(isOurs).slice(0, TOLD_AFTER), ...ends])];
  return [...marked(before, false), ...marked(main, true), ...marked(after, false)];
}

function marked(some: readonly Happening[], decisive: boolean): Analysis['happenings'] {
  return some.map((one) => ({ ...one, decisive }));
}

/** Each time once, in order; coarser where there are too many to keep. */
class Times {
  private kept: number[] = [];
  private every = 1;
  private skipped = 0;
  private last = -1;

  add(atMs: number): void {
    if (atMs === this.last) return;
    this.last = atMs;
    if (++this.skipped < this.every) return;
    this.skipped = 0;
    this.kept.push(atMs);
    if (this.kept.length < MAX_TIMES) return;
    this.kept = this.kept.filter((_, index) => index % 2 === 1);
    this.every *= 2;
  }

  get all(): readonly number[] {
    return this.kept;
  }
}
