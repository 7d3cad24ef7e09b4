/**
 * Finds what a recording does not say: the keepalive and backoff of the boards, when exactly the network was
 * back, and the boards' luck.
 *
 * A relay hears nothing of a board that is cut off, so none of this can be read from a recording; but each
 * guess can be played, and a relay that watched the simulated boards, or a capture of them where the recorded
 * one was made, says for how long they were out of reach. The guess under which these times are nearest to
 * the recorded ones is taken, the defaults first: they stay when they explain what was seen. Guesses are
 * tried one thing at a time, from a short list, so what is found is a plausible fleet and not the only one.
 */

import { SECOND_MS } from 'host/units';
import type { Programs } from '../board/runtime.ts';
import { boardId } from '../kernel/board-id.ts';
import { readDocument } from '../scenario/document/read-document.ts';
import type { BoardTrail } from './board-trail.ts';
import { captureView } from './capture-view.ts';
import { DEFAULT_FIT, type FieldFit, type FieldPlan, planField } from './field-plan.ts';
import type { Outage } from './outages.ts';
import type { FieldRecording } from './read-field.ts';
import { relayView } from './relay-view.ts';

/** How near is near enough, as a share of board-time: half of what a replay may be off. */
const NEAR_ENOUGH = 0.01;
/**
 * A guess is played in half a second at most, all of them in ten: so many boards, and seconds of them, of a
 * larger fleet every n-th.
 */
const MAX_TRIED_BOARDS = 20;
const MAX_TRIED_BOARD_S = 12_000;

/** What to try next, from the best so far. */
type Guess = (best: Attempt) => FieldFit;

const LUCK = [2, 3].map(seed);
const MORE_LUCK = [4, 5, 6].map(seed);
const KEEPALIVES = [keepalive('10s', '10s'), keepalive('5s', '5s'), keepalive('2s', '2s'), keepalive('0s', '10s')];
const BACKOFFS = ['exponential,min=1s,max=20s,jitter=full', 'exponential,min=1s,max=5s,jitter=full', 'fixed,min=1s,jitter=none'].map(
  backoff,
);
/**
 * Two explanations, the more ordinary one first: luck and the moment of healing, or other settings. In each
 * one thing after the other, the best of each is where the next begins.
 */
const EXPLANATIONS: readonly (readonly Guess[])[][] = [
  [[moved], [moved], MORE_LUCK, [moved], [moved]],
  [KEEPALIVES, BACKOFFS, KEEPALIVES, BACKOFFS, MORE_LUCK, [moved], [moved]],
];

function seed(seed: number): Guess {
  return ({ fit }) => ({ ...fit, seed });
}

function keepalive(interval: string, timeout: string): Guess {
  return ({ fit }) => ({ ...fit, settings: { ...fit.settings, board_ping_interval: interval, board_ping_timeout: timeout } });
}

function backoff(spec: string): Guess {
  return ({ fit }) => ({ ...fit, settings: { ...fit.settings, backoff: spec } });
}

export interface Trial {
  fit: FieldFit;
  /**
   * How far times out of reach are from the recorded ones, as a share of board-time; availabilities are no
   * farther apart.
   */
  offBy: number;
  /** Outages that a board has in one of the two only. */
  outagesOff: number;
  /** Mean over the boards that were tried, as a relay sees it. */
  recordedAvailability: number;
  replayedAvailability: number;
  /** How many boards were tried. */
  boards: number;
}

/** A trial with what it was judged by. */
interface Attempt extends Trial {
  plan: FieldPlan;
  replayed: FieldRecording;
}

/**
 * @param onSearch the defaults do not explain the recording, so it takes a while
 * @returns null: too long a recording to try
 */
export async function fitField(recording: FieldRecording, app: Programs, onSearch: () => void = () => {}): Promise<Trial | null> {
  const sample = sampleOf(recording);
  if (sample === null) return null;
  const first = await tryFit(sample, DEFAULT_FIT, app);
  if (badness(first) > NEAR_ENOUGH) onSearch();
  const start = await search(first, [LUCK], app);
  // The outages of a part of the boards are not those of all, so there is nothing to move.
  const isWhole = sample.boards.length === recording.boards.length;
  let best = start;
  for (const path of EXPLANATIONS) {
    if (badness(best) <= NEAR_ENOUGH) break;
    const guesses = isWhole ? path : path.filter((group) => !group.includes(moved));
    best = better(best, await search(start, guesses, app));
  }
  return best;
}

/** Goes on until it is near enough, or nothing is left to try. */
async function search(start: Attempt, path: readonly (readonly Guess[])[], app: Programs): Promise<Attempt> {
  let best = start;
  for (const guesses of path) {
    const from = best;
    for (const guess of badness(from) > NEAR_ENOUGH ? guesses : []) {
      best = better(best, await tryFit(from.plan.recording, guess(from), app));
    }
  }
  return best;
}

async function tryFit(recording: FieldRecording, fit: FieldFit, app: Programs): Promise<Attempt> {
  const plan = planField(recording, fit);
  const { scenario } = readDocument(plan.document, []);
  if (scenario === null) throw new Error('a plan that is not legal');
  const replayed = await (recording.capture === null ? relayView(scenario, app) : captureView(scenario, app, recording.capture.near));
  return {
    fit,
    offBy: distance(recording, replayed),
    outagesOff: outagesOff(recording, replayed),
    recordedAvailability: availabilityOf(recording),
    replayedAvailability: availabilityOf(replayed),
    boards: recording.boards.length,
    plan,
    replayed,
  };
}

function better(best: Attempt, attempt: Attempt): Attempt {
  return badness(attempt) < badness(best) ? attempt : best;
}

/**
 * The network back as much later, outage by outage, as the recorded boards came back after the virtual ones.
 */
function moved({ fit, plan, replayed }: Attempt): FieldFit {
  const trails = new Map(replayed.boards.map((trail) => [trail.id, trail]));
  const healShiftsMs = plan.outages.map((outage, index) => {
    const lateMs = outage.boards.map((board) => {
      const recordedMs = backFrom(outage, plan.recording.boards[board]);
      const replayedMs = backFrom(outage, trails.get(boardId(board)));
      return recordedMs === null || replayedMs === null ? 0 : recordedMs - replayedMs;
    });
    return (fit.healShiftsMs[index] ?? 0) + lateMs.reduce((sum, ms) => sum + ms, 0) / lateMs.length;
  });
  return { ...fit, healShiftsMs };
}

/** When the board was heard again after this outage; null: it never was, or was not missed. */
function backFrom({ fromMs, toMs }: Outage, trail: BoardTrail | undefined): number | null {
  const middleMs = (fromMs + (toMs ?? fromMs)) / 2;
  return trail?.absences.find((absence) => absence.fromMs <= middleMs && (absence.toMs ?? 0) >= middleMs)?.toMs ?? null;
}

/** Every n-th board, so that all times of coming are among them. */
function sampleOf(recording: FieldRecording): FieldRecording | null {
  const { boards, durationMs } = recording;
  const most = Math.min(MAX_TRIED_BOARDS, Math.floor((MAX_TRIED_BOARD_S * SECOND_MS) / durationMs));
  if (most === 0) return null;
  const every = Math.ceil(boards.length / most);
  return { ...recording, boards: boards.filter((_, board) => board % every === 0) };
}

/** An outage too many or too few is no match, however short it is. */
function badness({ offBy, outagesOff }: Trial): number {
  return offBy + outagesOff * NEAR_ENOUGH;
}

function outagesOff(recorded: FieldRecording, replayed: FieldRecording): number {
  const counts = new Map(replayed.boards.map(({ id, absences }) => [id, absences.length]));
  return recorded.boards.reduce((sum, { absences }, board) => sum + Math.abs(absences.length - (counts.get(boardId(board)) ?? 0)), 0);
}

/**
 * Of the boards' times out of reach, longest with longest: one that is missing on either side is off by its
 * whole length.
 */
function distance(recorded: FieldRecording, replayed: FieldRecording): number {
  const [left, right] = [recorded, replayed].map(timesOutOfReach);
  let sumMs = 0;
  for (let index = 0; index < Math.max(left.length, right.length); index++) sumMs += Math.abs((left[index] ?? 0) - (right[index] ?? 0));
  return sumMs / Math.max(1, countedMs(recorded));
}

/** ms, longest first. */
function timesOutOfReach({ boards, durationMs }: FieldRecording): number[] {
  const absent = boards.flatMap(({ absences, leftMs }) => [
    ...absences.map(({ fromMs, toMs }) => (toMs ?? durationMs) - fromMs),
    ...(leftMs === null ? [] : [durationMs - leftMs]),
  ]);
  return absent.sort((a, b) => b - a);
}

function countedMs({ boards, durationMs }: FieldRecording): number {
  return boards.reduce((sum, { firstOpenMs }) => sum + durationMs - (firstOpenMs ?? durationMs), 0);
}

function availabilityOf({ boards, durationMs }: FieldRecording): number {
  const shares = boards.map((board) => board.availability(durationMs));
  return shares.reduce((sum, share) => sum + share, 0) / boards.length;
}
