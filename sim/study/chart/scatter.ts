/**
 * What drawings of one metric against another have in common: the axes, the place of a point, and the marks.
 */
import type { CustomSeriesRenderItemAPI } from 'echarts';
import { axisTitle } from '../labels.ts';
import type { Estimate } from '../statistics/statistics.ts';
import { CHART_WIDTH, FONT_FAMILY, FONT_SIZE, metricAxis, TITLE_HEIGHT } from './chart.ts';
import type { Box, LabelRoom } from './label-room.ts';
import { type Scale, scaleOf } from './scale.ts';

/** In pixels of the drawing. */
export type Coordinates = [x: number, y: number];

/** Pixels. */
export const FRONT_RADIUS = 5.5;
const GRID = { left: 78, right: 18, top: TITLE_HEIGHT, bottom: 54 };
const X_NAME_GAP = 32;
const Y_NAME_GAP = 60;
/** Values that lie further apart than this need a logarithmic axis to be told apart. */
const LOG_FROM_RATIO = 10;

export function scatterScale(values: readonly Estimate[]): Scale {
  return scaleOf(values, LOG_FROM_RATIO);
}

/** The drawing's area and its two named axes. */
export function scatterAxes(x: { metric: string; scale: Scale }, y: { metric: string; scale: Scale }) {
  const axis = ({ metric, scale }: typeof x, nameGap: number) => ({
    ...metricAxis(metric, scale),
    name: axisTitle(metric),
    nameLocation: 'middle' as const,
    nameGap,
  });
  return { grid: GRID, xAxis: axis(x, X_NAME_GAP), yAxis: axis(y, Y_NAME_GAP) };
}

export function plotArea(height: number): Box {
  return { left: GRID.left, top: GRID.top, right: CHART_WIDTH - GRID.right, bottom: height - GRID.bottom };
}

/** Where values stand; what lies outside stands on the edge. */
export function placer(api: CustomSeriesRenderItemAPI, plot: Box): (x: number, y: number) => Coordinates {
  return (x, y) => {
    const [left, top] = api.coord([x, y]);
    return [clamp(left, plot.left, plot.right), clamp(top, plot.top, plot.bottom)];
  };
}

export type Segment = [from: Coordinates, to: Coordinates];

/** The 95 % intervals around a point, as far as it has them. */
export function intervalsOf(x: Estimate, y: Estimate, at: (x: number, y: number) => Coordinates): Segment[] {
  if (x.mean === null || y.mean === null) return [];
  return [
    ...(x.low === null || x.high === null ? [] : [[at(x.low, y.mean), at(x.high, y.mean)] satisfies Segment]),
    ...(y.low === null || y.high === null ? [] : [[at(x.mean, y.low), at(x.mean, y.high)] satisfies Segment]),
  ];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

export function around([x, y]: Coordinates, margin: number): Box {
  return { left: x - margin, top: y - margin, right: x + margin, bottom: y + margin };
}

export function line([x1, y1]: Coordinates, [x2, y2]: Coordinates, style: { lineDash?: number[]; lineWidth?: number } = {}) {
  return { type: 'line' as const, shape: { x1, y1, x2, y2 }, style: { stroke: 'var(--muted)', fill: 'none', lineWidth: 1, ...style } };
}

export function circle([cx, cy]: Coordinates, r: number, style: { fill: string; stroke: string; lineWidth: number }) {
  return { type: 'circle' as const, shape: { cx, cy, r }, style };
}

/** On the Pareto front. */
export function diamond([x, y]: Coordinates) {
  const r = FRONT_RADIUS;
  const points: Coordinates[] = [
    [x, y - r],
    [x + r, y],
    [x, y + r],
    [x - r, y],
  ];
  return { type: 'polygon' as const, shape: { points }, style: { fill: 'var(--series)', stroke: 'var(--card)', lineWidth: 1 } };
}

/**
 * Where there is room for it, at most so far from its point, with a line to it; nothing where there is none.
 */
export function label(
  room: LabelRoom,
  name: string,
  place: Coordinates,
  { maxLeader, isStrong }: { maxLeader: number; isStrong: boolean },
) {
  const found = room.place(name, place, maxLeader);
  if (found === null) return [];
  const text = {
    type: 'text' as const,
    style: {
      text: name,
      x: found.x,
      y: found.top,
      align: found.align,
      fill: isStrong ? 'var(--text)' : 'var(--muted)',
      fontSize: FONT_SIZE,
      fontFamily: FONT_FAMILY,
      fontWeight: isStrong ? ('bold' as const) : ('normal' as const),
    },
  };
  return found.leader === null ? [text] : [line(place, found.leader, { lineWidth: 0.6 }), text];
}
