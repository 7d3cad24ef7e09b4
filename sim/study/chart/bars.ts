/**
 * One metric, a bar per cell with its 95 % interval as a whisker and both in figures beside it. Where cells
 * differ by powers of ten the axis is logarithmic, and has points for bars: it has no zero for a bar to stand
 * on.
 */
import type { CustomSeriesRenderItem } from 'echarts';
import { cellName, formatEstimate, metricTitle } from '../labels.ts';
import type { Estimate } from '../statistics/statistics.ts';
import type { StudyTable } from '../sweep/table.ts';
import { AXIS, drawSvg, FONT_FAMILY, FONT_SIZE, metricAxis, TITLE_HEIGHT, textWidth } from './chart.ts';
import { type Scale, scaleOf } from './scale.ts';

/** Pixels. */
const ROW_HEIGHT = 26;
const BELOW_HEIGHT = 26;
const MAX_LABEL_WIDTH = 250;
const CAP_HEIGHT = 4;
const GAP = 8;
/** Means that lie further apart than this make short bars unreadable. */
const LOG_FROM_RATIO = 60;

/** Longer than anybody compares by eye. */
export const MAX_BARS = 60;

export function bars(table: StudyTable, metric: string): Promise<string> {
  const cells = table.cells.map(({ parameters, metrics }) => ({ name: cellName(parameters), estimate: metrics[metric] }));
  const widest = (texts: string[]) => Math.max(...texts.map(textWidth));
  const labelWidth = Math.min(widest(cells.map(({ name }) => name)), MAX_LABEL_WIDTH);
  const scale = scaleFromZero(cells.map(({ estimate }) => estimate));
  const figureWidth = widest(cells.map(({ estimate }) => formatEstimate(metric, estimate)));
  return drawSvg(metricTitle(metric), TITLE_HEIGHT + BELOW_HEIGHT + ROW_HEIGHT * cells.length, {
    grid: { left: labelWidth + 16, right: figureWidth + 2 * GAP, top: TITLE_HEIGHT, bottom: BELOW_HEIGHT },
    xAxis: metricAxis(metric, scale),
    yAxis: {
      ...AXIS,
      type: 'category',
      inverse: true,
      data: cells.map(({ name }) => name),
      axisLabel: { ...AXIS.axisLabel, width: MAX_LABEL_WIDTH, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barWidth: '55%',
        itemStyle: { color: 'var(--series)', opacity: 0.45 },
        data: scale.type === 'log' ? [] : cells.map(({ estimate }) => estimate.mean ?? '-'),
      },
      {
        type: 'scatter',
        symbolSize: 8,
        itemStyle: { color: 'var(--series)' },
        data: scale.type === 'log' ? cells.map(({ estimate }, row) => [estimate.mean ?? '-', row]) : [],
      },
      { type: 'custom', z: 3, data: cells.map((_, row) => [scale.min, row]), renderItem: whisker(cells, metric, scale.min) },
    ],
  });
}

function scaleFromZero(estimates: readonly Estimate[]): Scale {
  const scale = scaleOf(estimates, LOG_FROM_RATIO);
  return scale.type === 'log' ? scale : { ...scale, min: 0 };
}

type BarCell = { estimate: Estimate };

/** The interval, and the figures behind it. @param least where the axis begins */
function whisker(cells: readonly BarCell[], metric: string, least: number): CustomSeriesRenderItem {
  return (params, api) => {
    const { estimate } = cells[params.dataIndex];
    const { mean, low, high } = estimate;
    const point = (value: number) => api.coord([value, params.dataIndex]);
    const style = { stroke: 'var(--text)', fill: 'none', lineWidth: 1.2 };
    const line = (x1: number, y1: number, x2: number, y2: number) => ({ type: 'line' as const, shape: { x1, y1, x2, y2 }, style });
    const [endX, y] = point(high ?? mean ?? least);
    const label = {
      type: 'text' as const,
      style: {
        text: formatEstimate(metric, estimate),
        x: endX + GAP,
        y,
        fill: 'var(--text)',
        fontSize: FONT_SIZE,
        fontFamily: FONT_FAMILY,
        verticalAlign: 'middle' as const,
      },
    };
    if (low === null || high === null) return { type: 'group', children: [label] };
    const [startX] = point(Math.max(low, least));
    const caps = [startX, endX].map((x) => line(x, y - CAP_HEIGHT, x, y + CAP_HEIGHT));
    return { type: 'group', children: [line(startX, y, endX, y), ...caps, label] };
  };
}
