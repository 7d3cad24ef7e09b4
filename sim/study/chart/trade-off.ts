/**
 * Two metrics against each other: a point per cell with both intervals, and the Pareto front, the cells that
 * no other one beats in both.
 *
 * The front goes by the means: a cell that is on it by less than the intervals are wide may be there by
 * chance.
 */
import type { CustomSeriesRenderItem } from 'echarts';
import { cellName } from '../labels.ts';
import type { Estimate } from '../statistics/statistics.ts';
import { isBetterHigh } from '../sweep/metric.ts';
import type { StudyTable } from '../sweep/table.ts';
import { drawSvg } from './chart.ts';
import { LabelRoom } from './label-room.ts';
import {
  around,
  type Coordinates,
  circle,
  diamond,
  FRONT_RADIUS,
  intervalsOf,
  label,
  line,
  placer,
  plotArea,
  type Segment,
  scatterAxes,
  scatterScale,
} from './scatter.ts';

/** Pixels. */
const HEIGHT = 440;
const POINT_RADIUS = 3.5;
/** How far a label may stand off its point: on the front, and elsewhere, where a label less is no loss. */
const MAX_LEADER = 140;
const MAX_OTHER_LEADER = 40;
const HOLLOW = { fill: 'var(--card)', stroke: 'var(--muted)', lineWidth: 1.4 };

interface Point {
  name: string;
  x: Estimate & { mean: number };
  y: Estimate & { mean: number };
  onFront: boolean;
}

/** Cells that have both, in the order of the first. */
export function pointsOf({ cells }: StudyTable, [x, y]: readonly [string, string]): Point[] {
  const known = cells
    .map(({ parameters, metrics }) => ({ name: cellName(parameters), x: metrics[x], y: metrics[y] }))
    .filter((point): point is Omit<Point, 'onFront'> => point.x.mean !== null && point.y.mean !== null)
    .sort((a, b) => a.x.mean - b.x.mean || a.y.mean - b.y.mean);
  const cost = (metric: string, mean: number) => (isBetterHigh(metric) ? -mean : mean);
  const beats = (a: (typeof known)[number], b: (typeof known)[number]) => {
    const [dx, dy] = [cost(x, a.x.mean) - cost(x, b.x.mean), cost(y, a.y.mean) - cost(y, b.y.mean)];
    return dx <= 0 && dy <= 0 && (dx < 0 || dy < 0);
  };
  return known.map((point) => ({ ...point, onFront: !known.some((other) => beats(other, point)) }));
}

/** @param points at least one */
export function tradeOff(points: readonly Point[], [x, y]: readonly [string, string]): Promise<string> {
  const axis = (metric: string, side: 'x' | 'y') => ({ metric, scale: scatterScale(points.map((point) => point[side])) });
  return drawSvg('◆ beaten by none in both (dashed: between them) · ○ beaten by another · bars: 95 % intervals', HEIGHT, {
    ...scatterAxes(axis(x, 'x'), axis(y, 'y')),
    series: [{ type: 'custom', data: points.slice(0, 1).map((point) => [point.x.mean, point.y.mean]), renderItem: drawPoints(points) }],
  });
}

/** All points in one go, since labels must know of each other. */
function drawPoints(points: readonly Point[]): CustomSeriesRenderItem {
  return (_, api) => {
    const plot = plotArea(HEIGHT);
    const at = placer(api, plot);
    const drawn = points.map((point) => ({ ...point, place: at(point.x.mean, point.y.mean) }));
    const front = drawn.filter(({ onFront }) => onFront);
    const whiskers = drawn.flatMap(({ x, y }) => intervalsOf(x, y, at));
    const steps = front.slice(1).map(({ place }, index): Segment => [front[index].place, place]);
    const room = new LabelRoom(plot, [
      ...drawn.map(({ place }) => around(place, FRONT_RADIUS)),
      ...[...whiskers, ...steps].flatMap(along).map((place) => around(place, 1)),
    ]);
    const others = drawn.filter(({ onFront }) => !onFront);
    const symbols = [...others.map(({ place }) => circle(place, POINT_RADIUS, HOLLOW)), ...front.map(({ place }) => diamond(place))];
    const labels = [...front, ...others].flatMap(({ name, place, onFront }) =>
      label(room, name, place, { maxLeader: onFront ? MAX_LEADER : MAX_OTHER_LEADER, isStrong: onFront }),
    );
    return {
      type: 'group',
      children: [
        ...steps.map(([from, to]) => line(from, to, { lineDash: [4, 3] })),
        ...whiskers.map(([from, to]) => line(from, to)),
        ...symbols,
        ...labels,
      ],
    };
  };
}

/** Points along a line, close enough that no label fits between. */
function along([[x1, y1], [x2, y2]]: Segment): Coordinates[] {
  const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / FRONT_RADIUS) + 1;
  return Array.from({ length: steps + 1 }, (_, step) => [x1 + ((x2 - x1) * step) / steps, y1 + ((y2 - y1) * step) / steps]);
}
