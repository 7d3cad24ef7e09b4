/** One metric over two parameters: a field per cell, darker where there is more, its mean and interval written into it. */
import type { Markup } from '../report/html.ts';
import { AXIS, chart } from './chart.ts';
import { writeValue } from './study.ts';
import type { StudyTable } from './table.ts';
import { formatEstimate } from './words.ts';

/** Pixels. */
const WIDTH = 720;
const ROW_HEIGHT = 46;
const FRAME_HEIGHT = 74;

/** Least and most; between them shades are mixed. The same on every page: the fields hide what is behind them. */
const PALE = [231, 240, 250] as const;
const DEEP = [24, 78, 140] as const;
/** Share of the way from pale to deep from which on white is easier to read than black. */
const WHITE_FROM = 0.5;

/** @param table with exactly two parameters */
export function heatMap(table: StudyTable, metric: string): Promise<Markup> {
  const [across, down] = table.parameters;
  const means = table.cells.map(({ metrics }) => metrics[metric].mean).filter((mean) => mean !== null);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const fields = table.cells.map(({ metrics }, index) => {
    const { mean } = metrics[metric];
    const share = mean === null || most === least ? 0 : (mean - least) / (most - least);
    return {
      value: [Math.floor(index / down.values.length), index % down.values.length, mean ?? 0],
      itemStyle: { color: mean === null ? 'transparent' : shade(share), borderColor: 'var(--card)', borderWidth: 2 },
      label: {
        show: true,
        fontSize: 11,
        color: mean === null ? 'var(--muted)' : share >= WHITE_FROM ? '#fff' : '#16202b',
        formatter: formatEstimate(metric, metrics[metric]),
      },
    };
  });
  const axis = { ...AXIS, type: 'category', splitLine: { show: false }, nameLocation: 'middle' } as const;
  return chart(`${metric} by ${across.name} and ${down.name}`, WIDTH, FRAME_HEIGHT + ROW_HEIGHT * down.values.length, {
    grid: { left: 96, right: 12, top: 10, bottom: 52 },
    xAxis: { ...axis, name: across.name, nameGap: 30, data: across.values.map(writeValue) },
    yAxis: { ...axis, name: down.name, nameGap: 74, data: down.values.map(writeValue) },
    visualMap: { show: false, min: 0, max: 1, dimension: 2, seriesIndex: [] },
    series: [{ type: 'heatmap', data: fields }],
  });
}

function shade(share: number): string {
  return `rgb(${PALE.map((from, index) => Math.round(from + (DEEP[index] - from) * share)).join(',')})`;
}
