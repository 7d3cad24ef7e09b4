/**
 * One metric over two parameters: a field per cell, darker where there is more, its mean and interval written
 * into it.
 */

import { axisName, formatEstimate, metricTitle, valueName } from '../labels.ts';
import type { StudyTable } from '../sweep/table.ts';
import { AXIS, CHART_WIDTH, drawSvg, FONT_FAMILY, FONT_SIZE, TITLE_HEIGHT, textWidth } from './chart.ts';

/** Pixels. */
const ROW_HEIGHT = 38;
const BELOW_HEIGHT = 52;
const RIGHT = 12;
const MAX_LABEL_WIDTH = 230;
/** Longer labels of values than this stand beside each other badly, one below the other well. */
const WIDE_LABEL = 80;

/**
 * Least and most; between them shades are mixed. The same on every page: the fields hide what is behind them.
 */
const PALE = [231, 240, 250] as const;
const DEEP = [24, 78, 140] as const;
const LOG_FROM_RATIO = 30;
/** Share of the way from pale to deep from which on white is easier to read than black. */
const WHITE_FROM = 0.5;

/** @param table with exactly two parameters */
export function heatMap(table: StudyTable, metric: string): Promise<string> {
  const { across, down } = orientation(table);
  const [columns, rows] = [table.parameters[across], table.parameters[down]];
  const inner = table.parameters[1].values.length;
  const means = table.cells.map(({ metrics }) => metrics[metric].mean).filter((mean) => mean !== null);
  const depth = depthBetween(Math.min(...means), Math.max(...means));
  const labelWidth = Math.min(Math.max(...labels(rows).map(textWidth)), MAX_LABEL_WIDTH);
  const left = labelWidth + 40;
  const fieldWidth = (CHART_WIDTH - left - RIGHT) / columns.values.length;
  const fields = table.cells.map(({ metrics }, index) => {
    const place = [Math.floor(index / inner), index % inner];
    const label = fitted(formatEstimate(metric, metrics[metric]), fieldWidth);
    return field([place[across], place[down]], metrics[metric].mean, label, depth);
  });
  const axis = { ...AXIS, type: 'category', splitLine: { show: false }, nameLocation: 'middle' } as const;
  return drawSvg(metricTitle(metric), TITLE_HEIGHT + BELOW_HEIGHT + ROW_HEIGHT * rows.values.length, {
    grid: { left, right: RIGHT, top: TITLE_HEIGHT, bottom: BELOW_HEIGHT },
    xAxis: { ...axis, name: axisName(columns), nameGap: 30, data: labels(columns) },
    yAxis: {
      ...axis,
      name: axisName(rows),
      nameGap: labelWidth + 20,
      inverse: true,
      data: labels(rows),
      axisLabel: { ...axis.axisLabel, width: MAX_LABEL_WIDTH, overflow: 'truncate' },
    },
    visualMap: { show: false, min: 0, max: 1, dimension: 2, seriesIndex: [] },
    series: [{ type: 'heatmap', data: fields }],
  });
}

function field([x, y]: number[], mean: number | null, text: string, depth: (mean: number) => number) {
  const share = mean === null ? 0 : depth(mean);
  const textColour = share >= WHITE_FROM ? '#fff' : '#16202b';
  return {
    value: [x, y, mean ?? 0],
    itemStyle: { color: mean === null ? 'transparent' : shade(share), borderColor: 'var(--card)', borderWidth: 2 },
    label: {
      show: true,
      fontSize: FONT_SIZE,
      fontFamily: FONT_FAMILY,
      color: mean === null ? 'var(--muted)' : textColour,
      formatter: text,
    },
  };
}

/**
 * Which parameter goes which way: rows for the one whose labels are too wide for columns, else for the one
 * with more values.
 */
function orientation({ parameters }: StudyTable): { across: 0 | 1; down: 0 | 1 } {
  const [first, second] = parameters;
  const isWide = (parameter: typeof first) => Math.max(...labels(parameter).map(textWidth)) > WIDE_LABEL;
  const firstDown = isWide(first) === isWide(second) ? first.values.length >= second.values.length : isWide(first);
  return firstDown ? { across: 1, down: 0 } : { across: 0, down: 1 };
}

function labels({ values }: StudyTable['parameters'][number]): string[] {
  return values.map(valueName);
}

/** On one line, else on two, else without its interval. */
function fitted(text: string, width: number): string {
  const lines = text.split(/ (?=±)/);
  if (textWidth(text) < width) return text;
  return lines.every((line) => textWidth(line) < width) ? lines.join('\n') : lines[0];
}

/**
 * Where between least and most, 0 to 1; by ratio where values lie far apart, since by difference all but the
 * largest would look the same.
 */
function depthBetween(least: number, most: number): (value: number) => number {
  if (least === most) return () => 0;
  if (least > 0 && most / least >= LOG_FROM_RATIO) return (value) => Math.log(value / least) / Math.log(most / least);
  return (value) => (value - least) / (most - least);
}

function shade(share: number): string {
  return `rgb(${PALE.map((from, index) => Math.round(from + (DEEP[index] - from) * share)).join(',')})`;
}
