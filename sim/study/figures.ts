/**
 * The figures of a study: one for each metric that differs between cells, and the trade-off between two that its file asks for.
 *
 * Two parameters make a heat map, any other number bars with intervals; cells too many for bars have no figure.
 */
import { bars, MAX_BARS } from './bars.ts';
import { findingOf, tradeOffFinding } from './finding.ts';
import { heatMap } from './heat-map.ts';
import type { StudyTable } from './table.ts';
import { pointsOf, tradeOff } from './trade-off.ts';
import { varyingMetrics } from './words.ts';

export interface Figure {
  /** As part of a file's name. */
  name: string;
  /** What it shows. */
  finding: string;
  svg: string;
}

export async function figuresOf(table: StudyTable): Promise<Figure[]> {
  const figures: Figure[] = [];
  const isHeatMap = table.parameters.length === 2;
  for (const metric of isHeatMap || table.cells.length <= MAX_BARS ? varyingMetrics(table) : []) {
    const svg = await (isHeatMap ? heatMap(table, metric) : bars(table, metric));
    figures.push({ name: metric.replace(/\W+/g, '-').replace(/-$/, ''), finding: findingOf(table, metric), svg });
  }
  if (table.trade_off !== null) figures.push(await tradeOffFigure(table, table.trade_off));
  return figures;
}

async function tradeOffFigure(table: StudyTable, metrics: readonly [string, string]): Promise<Figure> {
  const front = pointsOf(table, metrics).filter(({ onFront }) => onFront);
  const finding = tradeOffFinding(
    front.map(({ name }) => name),
    table.cells.length,
    metrics,
  );
  return { name: 'trade-off', finding, svg: await tradeOff(table, metrics) };
}
