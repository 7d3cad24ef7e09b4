/**
 * Settings that were tuned, one metric against another: what is on the front, what is recommended, what does not keep the goal.
 *
 * Told apart by shape, not by colour; the front is numbered as in its table. The axes end with the front and what is near it: of the rest only what lies
 * in between is drawn.
 */
import type { CustomSeriesRenderItem } from 'echarts';
import { CHART_WIDTH, drawSvg, FONT_FAMILY, FONT_SIZE, metricAxis, TITLE_HEIGHT } from './chart.ts';
import type { Goal } from './goal.ts';
import { type Box, LabelRoom } from './label-room.ts';
import { type Scale, scaleOf } from './scale.ts';
import type { TunePoint, TuneResult } from './tune-result.ts';
import { axisTitle, formatMetric } from './words.ts';

/** Pixels. */
const HEIGHT = 400;
const GRID = { left: 78, right: 18, top: TITLE_HEIGHT, bottom: 54 };
const FRONT_RADIUS = 5.5;
const RING_RADIUS = 10;
const POINT_RADIUS = 3.2;
/** How far a label may stand off its point. */
const MAX_LEADER = 120;
/** Values that lie further apart than this need a logarithmic axis to be told apart. */
const LOG_FROM_RATIO = 10;

/** Beaten settings that cost more than so many times the dearest of the front would make the front small. */
const FAR_OFF = 2;

const LEGEND = '◆ Pareto front (ring: recommended) · ○ keeps the goal · × does not surely · bars: 95 % intervals';

type Coordinates = [x: number, y: number];

interface Plot {
  x: string;
  y: string;
  /** Drawn as a line across. */
  goal: Goal | null;
}

export function tunePlot(result: TuneResult, { x, y, goal }: Plot): Promise<string> {
  const known = result.points.filter(({ metrics }) => metrics[x].mean !== null && metrics[y].mean !== null);
  const [xScale, yScale] = [x, y].map((metric) => axisScale(known, metric, goal));
  const inside = known.filter(({ metrics }) => isInside(metrics[x].mean, xScale) && isInside(metrics[y].mean, yScale));
  const axis = (metric: string, scale: Scale, nameGap: number) => ({
    ...metricAxis(metric, scale),
    name: axisTitle(metric),
    nameLocation: 'middle' as const,
    nameGap,
  });
  const limit = goal === null ? [] : [limitLine(goal)];
  return drawSvg(LEGEND, HEIGHT, {
    grid: GRID,
    xAxis: axis(x, xScale, 32),
    yAxis: axis(y, yScale, 60),
    series: [{ type: 'custom', data: [[xScale.min, yScale.min]], renderItem: drawPoints(inside, x, y, result) }, ...limit],
  });
}

function axisScale(points: readonly TunePoint[], metric: string, goal: Goal | null): Scale {
  const meanOf = ({ metrics }: TunePoint) => metrics[metric].mean ?? 0;
  const front = points.filter(({ onFront }) => onFront);
  const most = FAR_OFF * Math.max(...front.map(meanOf));
  const wanted =
    front.length === 0 ? points : points.filter((point) => point.onFront || (point.verdict === 'met' && meanOf(point) <= most));
  const bound = goal?.metric === metric ? [{ n: 1, mean: goal.bound, low: null, high: null }] : [];
  // Only the front has its intervals drawn.
  const values = wanted.map(({ onFront, metrics }) => (onFront ? metrics[metric] : { ...metrics[metric], low: null, high: null }));
  return scaleOf([...values, ...bound], LOG_FROM_RATIO);
}

function isInside(value: number | null, { min, max }: Scale): boolean {
  return value !== null && value >= min && value <= max;
}

function limitLine({ metric, operator, bound }: Goal) {
  const label = {
    formatter: `${operator} ${formatMetric(metric, bound)}`,
    color: 'var(--text)',
    fontSize: FONT_SIZE,
    fontFamily: FONT_FAMILY,
    position: 'insideEndTop' as const,
  };
  const lineStyle = { color: 'var(--text)', type: 'dashed' as const, width: 1.4 };
  return { type: 'line' as const, data: [], markLine: { silent: true, symbol: 'none', data: [{ xAxis: bound }], label, lineStyle } };
}

/** All points in one go, since labels must know of each other. */
function drawPoints(points: readonly TunePoint[], x: string, y: string, result: TuneResult): CustomSeriesRenderItem {
  return (_, api) => {
    const plot: Box = { left: GRID.left, top: GRID.top, right: CHART_WIDTH - GRID.right, bottom: HEIGHT - GRID.bottom };
    const at = (left: number, top: number): Coordinates => {
      const [px, py] = api.coord([left, top]);
      return [clamp(px, plot.left, plot.right), clamp(py, plot.top, plot.bottom)];
    };
    const placed = points.map((point) => ({ point, place: at(point.metrics[x].mean ?? 0, point.metrics[y].mean ?? 0) }));
    const front = placed.filter(({ point }) => point.onFront);
    const others = placed.filter(({ point }) => !point.onFront);
    const room = new LabelRoom(
      plot,
      placed.map(({ place, point }) => around(place, point.onFront ? FRONT_RADIUS : POINT_RADIUS)),
    );
    return {
      type: 'group',
      children: [
        ...others.map(({ place, point }) => (point.verdict === 'met' ? circle(place, POINT_RADIUS) : cross(place))),
        ...front.flatMap(({ point }) => whiskers(point, x, y, at)),
        ...front.map(({ place }) => diamond(place)),
        ...front.filter(({ point }) => point.cell === result.recommended?.cell).map(({ place }) => circle(place, RING_RADIUS)),
        ...front.flatMap(({ point, place }) => label(room, String(result.front.indexOf(point) + 1), place)),
      ],
    };
  };
}

function whiskers({ metrics }: TunePoint, x: string, y: string, at: (left: number, top: number) => Coordinates) {
  const [across, up] = [metrics[x], metrics[y]];
  if (across.mean === null || up.mean === null || across.low === null || across.high === null || up.low === null || up.high === null)
    return [];
  return [line(at(across.low, up.mean), at(across.high, up.mean), 1), line(at(across.mean, up.low), at(across.mean, up.high), 1)];
}

function around([x, y]: Coordinates, margin: number): Box {
  return { left: x - margin, top: y - margin, right: x + margin, bottom: y + margin };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function line([x1, y1]: Coordinates, [x2, y2]: Coordinates, lineWidth: number) {
  return { type: 'line' as const, shape: { x1, y1, x2, y2 }, style: { stroke: 'var(--muted)', fill: 'none', lineWidth } };
}

function cross([x, y]: Coordinates) {
  const r = POINT_RADIUS;
  return { type: 'group' as const, children: [line([x - r, y - r], [x + r, y + r], 1.2), line([x - r, y + r], [x + r, y - r], 1.2)] };
}

function circle([cx, cy]: Coordinates, r: number) {
  return { type: 'circle' as const, shape: { cx, cy, r }, style: { fill: 'none', stroke: 'var(--text)', lineWidth: 1.3 } };
}

function diamond([x, y]: Coordinates) {
  const r = FRONT_RADIUS;
  const points: [number, number][] = [
    [x, y - r],
    [x + r, y],
    [x, y + r],
    [x - r, y],
  ];
  return { type: 'polygon' as const, shape: { points }, style: { fill: 'var(--series)', stroke: 'var(--card)', lineWidth: 1 } };
}

function label(room: LabelRoom, name: string, place: Coordinates) {
  const found = room.place(name, place, MAX_LEADER);
  if (found === null) return [];
  const style = {
    text: name,
    x: found.left,
    y: found.top,
    fill: 'var(--text)',
    fontSize: FONT_SIZE,
    fontFamily: FONT_FAMILY,
    fontWeight: 'bold' as const,
  };
  const text = { type: 'text' as const, style };
  return found.leader === null ? [text] : [line(place, found.leader, 0.6), text];
}
