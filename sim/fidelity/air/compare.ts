/**
 * Every row of the measurement against the model under the same conditions, and the number of boards at which the cell collapses. The tolerances were set
 * beforehand. A figure is the mean over runs of the measured length, as the measured one is over its own.
 */
import { type Comparison, judgedWithin, shown } from '../comparison.ts';
import { type Interval, meanOf } from '../statistics.ts';
import type { CellConditions } from './cell.ts';
import { collapse } from './collapse.ts';
import { type Figures, figuresOf, meanFigure } from './figures.ts';
import { conditionsOf, DEEP_QUEUE, hasPublishedPhases, MAC_QUEUE, type Point, publishedPhase, type Row, rows } from './measured.ts';
import { runCell } from './run-cell.ts';
import { Poisson, Saturated, SOS_PERIOD_US, SOS_SIZES, SosFleet, type Span, type Traffic } from './traffic.ts';

const US_PER_S = 1_000_000;
const NO_BOUND = 'no bound set';
/** Boards at which the cell collapses; and where ns-3 sees it come, at 0.2 s on the published phases of seed 1. */
const COLLAPSE: Interval = [80, 105];
const COLLAPSE_NS3 = 90;

interface Measure {
  figure: string;
  modes: readonly string[];
  model: (figures: Figures) => number | null;
  measured: (point: Point) => number | undefined;
  /** What the model may be when this was measured; null: it is not judged. */
  allowed: ((measured: number, point: Point) => Interval) | null;
}

const within =
  (share: number) =>
  (measured: number): Interval => [measured * (1 - share), measured * (1 + share)];
/** A share of tries may differ by so much. */
const FAIL = (measured: number): Interval => [measured - 0.03, measured + 0.03];

const MEASURES: readonly Measure[] = [
  { figure: 'packets/s', modes: ['sat'], model: ({ upPerS }) => upPerS, measured: (point) => point.goodput_pps, allowed: within(0.05) },
  {
    figure: 'busy',
    modes: ['sat', 'sos', 'poisson'],
    model: ({ busy }) => busy,
    measured: (point) => point.busy,
    allowed: (measured, { intf_pps }) => within(intf_pps > 0 ? 0.15 : 0.08)(measured),
  },
  {
    figure: 'failed tries, boards',
    modes: ['sat', 'sos', 'poisson'],
    model: ({ boardsFail }) => boardsFail,
    measured: ({ sta_mac }) => sta_mac.p_fail_per_attempt,
    allowed: FAIL,
  },
  {
    figure: 'failed tries, access point',
    modes: ['sos'],
    model: ({ accessPointFail }) => accessPointFail,
    measured: ({ ap_mac }) => ap_mac.p_fail_per_attempt,
    allowed: FAIL,
  },
  ...(['mean', 'p99'] as const).flatMap((part): Measure[] => [
    {
      figure: `turn ${part}, ms`,
      modes: ['sat'],
      model: ({ upMs }) => upMs[part],
      measured: (point) => point.access_delay_ms?.[part],
      allowed: null,
    },
    {
      figure: `up ${part}, ms`,
      modes: ['sos', 'poisson'],
      model: ({ upMs }) => upMs[part],
      measured: (point) => point.up_data?.delay_ms[part],
      allowed: null,
    },
    {
      figure: `down ${part}, ms`,
      modes: ['sos'],
      model: ({ downMs }) => downMs[part],
      measured: (point) => point.down_data?.delay_ms[part],
      allowed: within(part === 'mean' ? 0.3 : 0.5),
    },
  ]),
];

/** @param seeds a run per row for each */
export async function compareAir(seeds: readonly number[]): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const row of rows()) comparisons.push(...(await compareRow(row, seeds)));
  for (const [name, queue] of [['deep queue', DEEP_QUEUE] as const, ['queue of 500', MAC_QUEUE] as const]) {
    const boards = await collapse(queue, seeds);
    comparisons.push(judgedWithin([`SOS, HtMcs7, ${name}`, 'boards at which the cell collapses'], boards, COLLAPSE_NS3, COLLAPSE));
  }
  return comparisons;
}

/** @param conditions under which the row is played */
export async function compareRow(
  { name, points }: Row,
  seeds: readonly number[],
  conditions: CellConditions = conditionsOf(points[0]),
): Promise<Comparison[]> {
  const [point] = points;
  const published = hasPublishedPhases(point);
  // Traffic began a second before the window, or a period.
  const fromUs = published ? US_PER_S : SOS_PERIOD_US;
  const runs: Figures[] = [];
  for (const seed of seeds) {
    for (const phaseSeed of published ? points.map((one) => one.seed) : [seed]) {
      const trafficOf = (span: Span) => trafficAs(point, phaseSeed, span);
      runs.push(figuresOf([await runCell(conditions, seed, fromUs, point.dur_s * US_PER_S, trafficOf)]));
    }
  }
  return MEASURES.filter(({ modes }) => modes.includes(point.mode)).map((measure) => {
    const model = meanFigure(runs, measure.model);
    const measured = meanOf(points.map((one) => measure.measured(one) ?? Number.NaN)) as number;
    const names = [name, measure.figure] as const;
    return measure.allowed === null
      ? shown(names, model, measured, NO_BOUND)
      : judgedWithin(names, model, measured, measure.allowed(measured, point));
  });
}

function trafficAs(point: Point, phaseSeed: number, span: Span): Traffic {
  if (point.mode === 'sat') return new Saturated(span, point.payload);
  if (point.mode === 'poisson') return new Poisson(span, point.payload, point.poisson_pps);
  const phases = Array.from({ length: point.n }, (_, board) => publishedPhase(phaseSeed, board));
  return new SosFleet(span, { ...SOS_SIZES, ackEach: true, phases });
}
