/**
 * The figures of a study: one for each metric that differs between cells, and the trade-off between two that
 * its file asks for.
 *
 * Two parameters make a heat map, any other number bars with intervals; cells too many for a figure have
 * none.
 */

import { varyingMetrics } from '../labels.ts';
import type { StudyTable } from '../sweep/table.ts';
import { bars, MAX_BARS } from './bars.ts';
import { findingOf, tradeOffFinding } from './finding.ts';
import { heatMap } from './heat-map.ts';
import { pointsOf, tradeOff } from './trade-off.ts';

/** More than these nobody reads off a figure; the table has them all. */
const MAX_FIELDS = 1_000;
const MAX_POINTS = 300;

export interface Figure {
  /** As part of a file's name. */
  name: string;
  /** What it shows. */
  finding: string;
  svg: string;
}

export async function figuresOf(table: StudyTable): Promise<Figure[]> {
  const isHeatMap = table.parameters.length === 2;
  const figures: Figure[] = [];
  for (const metric of table.cells.length <= (isHeatMap ? MAX_FIELDS : MAX_BARS) ? varyingMetrics(table) : []) {
    const svg = await (isHeatMap ? heatMap(table, metric) : bars(table, metric));
    figures.push({ name: metric.replace(/\W+/g, '-').replace(/-$/, ''), finding: findingOf(table, metric), svg });
  }
  return [...figures, ...(await tradeOffFigure(table))];
}

/** None when nobody asked for it, or no cell has samples of both metrics. */
async function tradeOffFigure(table: StudyTable): Promise<Figure[]> {
  const { trade_off: metrics, cells } = table;
  if (metrics === null || cells.length > MAX_POINTS) return [];
  const points = pointsOf(table, metrics);
  if (points.length === 0) return [];
  const front = points.filter(({ onFront }) => onFront).map(({ name }) => name);
  return [{ name: 'trade-off', finding: tradeOffFinding(front, cells.length, metrics), svg: await tradeOff(points, metrics) }];
}
