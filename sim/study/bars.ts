/** One metric, a bar per cell with its 95 % interval as a whisker. */
import type { CustomSeriesRenderItem } from 'echarts';
import type { Markup } from '../report/html.ts';
import { AXIS, chart } from './chart.ts';
import { unitOf } from './metric.ts';
import type { StudyTable } from './table.ts';
import { cellName, formatEstimate, formatMetric } from './words.ts';

/** Pixels. */
const WIDTH = 720;
const ROW_HEIGHT = 30;
const FRAME_HEIGHT = 58;
const LABEL_WIDTH = 150;
const FIGURE_WIDTH = 130;
const CAP_HEIGHT = 4;

/** Longer than anybody compares by eye. */
export const MAX_BARS = 60;

export function bars(table: StudyTable, metric: string): Promise<Markup> {
  const cells = table.cells.map(({ parameters, metrics }) => ({ name: cellName(parameters), estimate: metrics[metric] }));
  const names = table.parameters.map(({ name }) => name).join(', ');
  return chart(`${metric} by ${names}`, WIDTH, FRAME_HEIGHT + ROW_HEIGHT * cells.length, {
    grid: { left: LABEL_WIDTH, right: FIGURE_WIDTH, top: 8, bottom: 44 },
    xAxis: {
      ...AXIS,
      type: 'value',
      name: unitOf(metric) === 'ms' ? 'time' : unitOf(metric),
      nameLocation: 'middle',
      nameGap: 28,
      splitNumber: 4,
      axisLabel: { ...AXIS.axisLabel, hideOverlap: true, formatter: (value: number) => formatMetric(metric, value) },
    },
    yAxis: {
      ...AXIS,
      type: 'category',
      inverse: true,
      data: cells.map(({ name }) => name),
      axisLabel: { ...AXIS.axisLabel, width: LABEL_WIDTH - 12, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barWidth: '55%',
        itemStyle: { color: 'var(--series)', opacity: 0.45 },
        data: cells.map(({ estimate }) => estimate.mean ?? '-'),
      },
      { type: 'custom', z: 3, data: cells.map((_, row) => [0, row]), renderItem: whisker(cells, metric) },
    ],
  });
}

type BarCell = { estimate: StudyTable['cells'][number]['metrics'][string] };

/** The interval, and the figures behind it. */
function whisker(cells: readonly BarCell[], metric: string): CustomSeriesRenderItem {
  return (params, api) => {
    const { estimate } = cells[params.dataIndex];
    const { mean, low, high } = estimate;
    const point = (value: number) => api.coord([value, params.dataIndex]);
    const style = { stroke: 'var(--text)', fill: 'none', lineWidth: 1.2 };
    const line = (x1: number, y1: number, x2: number, y2: number) => ({ type: 'line' as const, shape: { x1, y1, x2, y2 }, style });
    const [endX, y] = point(high ?? mean ?? 0);
    const label = {
      type: 'text' as const,
      style: {
        text: formatEstimate(metric, estimate),
        x: endX + 8,
        y,
        fill: 'var(--text)',
        fontSize: 11,
        fontFamily: 'system-ui, sans-serif',
        verticalAlign: 'middle' as const,
      },
    };
    if (low === null || high === null) return { type: 'group', children: [label] };
    const [startX] = point(Math.max(low, 0));
    const caps = [startX, endX].map((x) => line(x, y - CAP_HEIGHT, x, y + CAP_HEIGHT));
    return { type: 'group', children: [line(startX, y, endX, y), ...caps, label] };
  };
}
