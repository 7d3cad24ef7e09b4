/**
 * Settings that were tuned, one metric against another: what is on the front, what is recommended, what does
 * not keep the goal.
 *
 * Told apart by shape, not by colour; the front is numbered as in its table. The axes end with the front and
 * what is near it: of the rest only what lies in between is drawn.
 */
import type { CustomSeriesRenderItem } from 'echarts';
import { formatMetric } from '../../measure/format-metric.ts';
import { drawSvg, FONT_FAMILY, FONT_SIZE } from '../chart/chart.ts';
import { LabelRoom } from '../chart/label-room.ts';
import type { Scale } from '../chart/scale.ts';
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
  scatterAxes,
  scatterScale,
} from '../chart/scatter.ts';
import type { Goal } from './goal.ts';
import type { TunePoint, TuneResult } from './result.ts';

/** Pixels. */
const HEIGHT = 400;
const RING_RADIUS = 10;
const POINT_RADIUS = 3.2;
/** How far a label may stand off its point. */
const MAX_LEADER = 120;
const THICK = { lineWidth: 1.2 };
const HOLLOW = { fill: 'none', stroke: 'var(--text)', lineWidth: 1.3 };

/** Beaten settings that cost more than so many times the dearest of the front would make the front small. */
const FAR_OFF = 2;

const LEGEND = '◆ Pareto front (ring: recommended) · ○ keeps the goal · × does not surely · bars: 95 % intervals';

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
  const limit = goal === null ? [] : [limitLine(goal)];
  return drawSvg(LEGEND, HEIGHT, {
    ...scatterAxes({ metric: x, scale: xScale }, { metric: y, scale: yScale }),
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
  return scatterScale([...values, ...bound]);
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
    const plot = plotArea(HEIGHT);
    const at = placer(api, plot);
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
        ...others.map(({ place, point }) => (point.verdict === 'met' ? circle(place, POINT_RADIUS, HOLLOW) : cross(place))),
        ...front.flatMap(({ point: { metrics } }) => intervalsOf(metrics[x], metrics[y], at)).map(([from, to]) => line(from, to)),
        ...front.map(({ place }) => diamond(place)),
        ...front.filter(({ point }) => point.cell === result.recommended?.cell).map(({ place }) => circle(place, RING_RADIUS, HOLLOW)),
        ...front.flatMap(({ point, place }) =>
          label(room, String(result.front.indexOf(point) + 1), place, { maxLeader: MAX_LEADER, isStrong: true }),
        ),
      ],
    };
  };
}

function cross([x, y]: Coordinates) {
  const r = POINT_RADIUS;
  return { type: 'group' as const, children: [line([x - r, y - r], [x + r, y + r], THICK), line([x - r, y + r], [x + r, y - r], THICK)] };
}
