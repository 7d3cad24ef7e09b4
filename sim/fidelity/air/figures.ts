/** What is told of runs of a cell. */
import { US_PER_S } from 'host/units';
import { meanOf, summarize } from '../statistics.ts';
import type { CellFigures, Tries } from './run-cell.ts';
import type { Flow, Flows } from './traffic.ts';

/** ms; null where nothing arrived. */
export interface Delay {
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p99: number | null;
}

export interface Figures {
  /** Share of the time in which anything was on the air. */
  busy: number;
  /** Share of tries that were not acknowledged; null where nobody tried. */
  boardsFail: number | null;
  accessPointFail: number | null;
  /** Of all of them. */
  fail: number | null;
  /** Packets of data that arrived, per second. */
  upPerS: number;
  downPerS: number;
  upMs: Delay;
  downMs: Delay;
  /** Share of the copies that never arrived; where none were sent, of the packets up. */
  loss: number | null;
}

/** Of one run, or of several as if they were one. */
export function figuresOf(runs: readonly CellFigures[]): Figures {
  const windowUs = sum(runs, (run) => run.windowUs);
  const up = together(runs, ({ up }) => up);
  const down = together(runs, ({ down }) => down);
  const boards = runs.map((run) => run.boards);
  const accessPoints = runs.map((run) => run.accessPoint);
  return {
    busy: sum(runs, (run) => run.busyUs) / windowUs,
    boardsFail: failShare(boards),
    accessPointFail: failShare(accessPoints),
    fail: failShare([...boards, ...accessPoints]),
    upPerS: (up.arrived / windowUs) * US_PER_S,
    downPerS: (down.arrived / windowUs) * US_PER_S,
    upMs: delayOf(up),
    downMs: delayOf(down),
    loss: lossOf(down.sent > 0 ? down : up),
  };
}

/** The mean of a figure over runs, of those that have it. */
export function meanFigure(figures: readonly Figures[], figure: (figures: Figures) => number | null): number | null {
  return meanOf(figures.map(figure).filter((value) => value !== null));
}

function together(runs: readonly CellFigures[], flow: (flows: Flows) => Flow): Flow {
  const flows = runs.map((run) => flow(run.flows));
  return {
    sent: sum(flows, ({ sent }) => sent),
    arrived: sum(flows, ({ arrived }) => arrived),
    delaysMs: flows.flatMap(({ delaysMs }) => delaysMs),
  };
}

function delayOf({ delaysMs }: Flow): Delay {
  const { mean, p50, p90, p99 } = summarize(delaysMs);
  return { mean, p50, p90, p99 };
}

function lossOf({ sent, arrived }: Flow): number | null {
  return sent === 0 ? null : 1 - arrived / sent;
}

function failShare(tries: readonly Tries[]): number | null {
  const attempts = sum(tries, (one) => one.attempts);
  return attempts === 0 ? null : sum(tries, ({ failures }) => failures) / attempts;
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
