/**
 * Every row of the measurement against the model under the same conditions, and the number of boards at which
 * the cell collapses. The tolerances were set beforehand. A figure is the mean over runs of the measured
 * length, as the measured one is over its own.
 */
import { US_PER_S } from 'host/units';
import { type Comparison, judged, judgedWithin, shown } from '../comparison.ts';
import { type Interval, meanOf } from '../statistics.ts';
import type { CellConditions } from './cell.ts';
import { collapse } from './collapse.ts';
import { type Delay, type Figures, figuresOf, meanFigure } from './figures.ts';
import { conditionsOf, DEEP_QUEUE, hasPublishedPhases, MAC_QUEUE, type Point, publishedPhase, type Row, rows } from './measured.ts';
import { runCell } from './run-cell.ts';
import { Poisson, Saturated, SOS_PERIOD_US, SOS_SIZES, SosFleet, type Span, type Traffic } from './traffic.ts';

/**
 * Boards at which the cell collapses; and where ns-3 sees it come, at 0.2 s on the published phases of seed
 * 1.
 */
const COLLAPSE: Interval = [80, 105];
const COLLAPSE_NS3 = 90;

interface Measure {
  figure: string;
  modes: readonly string[];
  model: (figures: Figures) => number | null;
  measured: (point: Point) => number | undefined;
  /** How far the model may be off, as a share of what was measured; null: it is not judged. */
  tolerance: number | null;
  /** The tolerance is a difference. */
  absolute?: true;
}

const ALL = ['sat', 'sos', 'poisson'];
const FAIL = { tolerance: 0.03, absolute: true } as const;
const BUSY = 0.08;
const BUSY_WITH_NEIGHBOUR = 0.15;

const MEASURES: readonly Measure[] = [
  { figure: 'packets/s', modes: ['sat'], model: ({ upPerS }) => upPerS, measured: (point) => point.goodput_pps, tolerance: 0.05 },
  { figure: 'busy', modes: ALL, model: ({ busy }) => busy, measured: (point) => point.busy, tolerance: BUSY },
  {
    figure: 'failed tries, boards',
    modes: ALL,
    model: ({ boardsFail }) => boardsFail,
    measured: ({ sta_mac }) => sta_mac.p_fail_per_attempt,
    ...FAIL,
  },
  {
    figure: 'failed tries, access point',
    modes: ['sos'],
    model: ({ accessPointFail }) => accessPointFail,
    measured: ({ ap_mac }) => ap_mac.p_fail_per_attempt,
    ...FAIL,
  },
  ...delay(
    'turn',
    ['sat'],
    ({ upMs }) => upMs,
    (point) => point.access_delay_ms,
    null,
    null,
  ),
  ...delay(
    'up',
    ['sos', 'poisson'],
    ({ upMs }) => upMs,
    (point) => point.up_data?.delay_ms,
    null,
    null,
  ),
  ...delay(
    'down',
    ['sos'],
    ({ downMs }) => downMs,
    (point) => point.down_data?.delay_ms,
    0.3,
    0.5,
  ),
];

function delay(
  name: string,
  modes: readonly string[],
  model: (figures: Figures) => Delay,
  measured: (point: Point) => { mean: number; p99: number } | undefined,
  mean: number | null,
  p99: number | null,
): Measure[] {
  return [
    {
      figure: `${name} mean, ms`,
      modes,
      model: (figures) => model(figures).mean,
      measured: (point) => measured(point)?.mean,
      tolerance: mean,
    },
    { figure: `${name} p99, ms`, modes, model: (figures) => model(figures).p99, measured: (point) => measured(point)?.p99, tolerance: p99 },
  ];
}

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
    return verdict(measure, [name, measure.figure], model, measured, point.intf_pps > 0);
  });
}

function verdict(
  { figure, tolerance, absolute }: Measure,
  names: readonly [condition: string, figure: string],
  model: number | null,
  measured: number,
  neighbour: boolean,
): Comparison {
  if (tolerance === null) return shown(names, model, measured, 'no bound set');
  if (absolute) return judgedWithin(names, model, measured, [measured - tolerance, measured + tolerance]);
  return judged(names, model, measured, figure === 'busy' && neighbour ? BUSY_WITH_NEIGHBOUR : tolerance);
}

function trafficAs(point: Point, phaseSeed: number, span: Span): Traffic {
  if (point.mode === 'sat') return new Saturated(span, point.payload);
  if (point.mode === 'poisson') return new Poisson(span, point.payload, point.poisson_pps);
  const phases = Array.from({ length: point.n }, (_, board) => publishedPhase(phaseSeed, board));
  return new SosFleet(span, { ...SOS_SIZES, ackEach: true, phases });
}
