/**
 * Two metrics against each other: a point per cell with both intervals, and the Pareto front, the cells that no other one beats in both.
 *
 * The front goes by the means: a cell that is on it by less than the intervals are wide may be there by chance.
 */
import type { CustomSeriesRenderItem } from 'echarts';
import { CHART_WIDTH, drawSvg, FONT_FAMILY, FONT_SIZE, metricAxis, TITLE_HEIGHT } from './chart.ts';
import { type Box, LabelRoom } from './label-room.ts';
import { isBetterHigh } from './metric.ts';
import { scaleOf } from './scale.ts';
import type { Estimate } from './statistics.ts';
import type { StudyTable } from './table.ts';
import { axisTitle, cellName } from './words.ts';

/** Pixels. */
const HEIGHT = 440;
const GRID = { left: 78, right: 18, top: TITLE_HEIGHT, bottom: 54 };
const FRONT_RADIUS = 5.5;
const POINT_RADIUS = 3.5;
/** How far a label may stand off its point: on the front, and elsewhere, where a label less is no loss. */
const MAX_LEADER = 140;
const MAX_OTHER_LEADER = 40;
/** Values that lie further apart than this need a logarithmic axis to be told apart. */
const LOG_FROM_RATIO = 10;

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
  const axis = (metric: string, values: Estimate[], nameGap: number) => ({
    ...metricAxis(metric, scaleOf(values, LOG_FROM_RATIO)),
    name: axisTitle(metric),
    nameLocation: 'middle' as const,
    nameGap,
  });
  return drawSvg('◆ beaten by none in both (dashed: between them) · ○ beaten by another · bars: 95 % intervals', HEIGHT, {
    grid: GRID,
    xAxis: axis(
      x,
      points.map((point) => point.x),
      32,
    ),
    yAxis: axis(
      y,
      points.map((point) => point.y),
      60,
    ),
    series: [{ type: 'custom', data: points.slice(0, 1).map((point) => [point.x.mean, point.y.mean]), renderItem: drawPoints(points) }],
  });
}

type Coordinates = [x: number, y: number];
type Segment = [from: Coordinates, to: Coordinates];

/** All points in one go, since labels must know of each other. */
function drawPoints(points: readonly Point[]): CustomSeriesRenderItem {
  return (_, api) => {
    const plot: Box = { left: GRID.left, top: GRID.top, right: CHART_WIDTH - GRID.right, bottom: HEIGHT - GRID.bottom };
    const at = (x: number, y: number): Coordinates => {
      const [left, top] = api.coord([x, y]);
      return [clamp(left, plot.left, plot.right), clamp(top, plot.top, plot.bottom)];
    };
    const drawn = points.map((point) => ({ ...point, place: at(point.x.mean, point.y.mean) }));
    const front = drawn.filter(({ onFront }) => onFront);
    const whiskers = drawn.flatMap(({ x, y }): Segment[] => [
      ...(x.low === null || x.high === null ? [] : [[at(x.low, y.mean), at(x.high, y.mean)] satisfies Segment]),
      ...(y.low === null || y.high === null ? [] : [[at(x.mean, y.low), at(x.mean, y.high)] satisfies Segment]),
    ]);
    const steps = front.slice(1).map(({ place }, index): Segment => [front[index].place, place]);
    const room = new LabelRoom(plot, [
      ...drawn.map(({ place }) => around(place, FRONT_RADIUS)),
      ...[...whiskers, ...steps].flatMap(along).map((place) => around(place, 1)),
    ]);
    const others = drawn.filter(({ onFront }) => !onFront);
    const symbols = [...others.map(({ place }) => circle(place)), ...front.map(({ place }) => diamond(place))];
    const labels = [...front, ...others].flatMap(({ name, place, onFront }) => label(room, name, place, onFront));
    return {
      type: 'group',
      children: [
        ...steps.map((step) => line(step, { lineDash: [4, 3] })),
        ...whiskers.map((whisker) => line(whisker, {})),
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

function around([x, y]: Coordinates, margin: number): Box {
  return { left: x - margin, top: y - margin, right: x + margin, bottom: y + margin };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function line([[x1, y1], [x2, y2]]: Segment, style: { lineDash?: number[]; lineWidth?: number }) {
  return { type: 'line' as const, shape: { x1, y1, x2, y2 }, style: { stroke: 'var(--muted)', fill: 'none', lineWidth: 1, ...style } };
}

function diamond([x, y]: Coordinates) {
  const r = FRONT_RADIUS;
  const points = [
    [x, y - r],
    [x + r, y],
    [x, y + r],
    [x - r, y],
  ] as [number, number][];
  return { type: 'polygon' as const, shape: { points }, style: { fill: 'var(--series)', stroke: 'var(--card)', lineWidth: 1 } };
}

function circle([cx, cy]: Coordinates) {
  return {
    type: 'circle' as const,
    shape: { cx, cy, r: POINT_RADIUS },
    style: { fill: 'var(--card)', stroke: 'var(--muted)', lineWidth: 1.4 },
  };
}

/** Where there is room for it; those of the front come first and may stand further off, with a line to their point. */
function label(room: LabelRoom, name: string, place: Coordinates, onFront: boolean) {
  const found = room.place(name, place, onFront ? MAX_LEADER : MAX_OTHER_LEADER);
  if (found === null) return [];
  const text = {
    type: 'text' as const,
    style: {
      text: name,
      x: found.x,
      y: found.top,
      align: found.align,
      fill: onFront ? 'var(--text)' : 'var(--muted)',
      fontSize: FONT_SIZE,
      fontFamily: FONT_FAMILY,
      fontWeight: onFront ? ('bold' as const) : ('normal' as const),
    },
  };
  return found.leader === null ? [text] : [line([place, found.leader], { lineWidth: 0.6 }), text];
}
