/** A study on the terminal: a row per cell, the first few metrics that differ between cells. All of them are in cells.csv and report.html. */

import { cellName, formatEstimate, varyingMetrics } from '../../study/labels.ts';
import type { StudyTable } from '../../study/sweep/table.ts';
import type { Screen } from '../io.ts';
import { terminalTable } from './table.ts';

/** What fits a terminal beside the cells' names. */
const MAX_METRICS = 4;
/** What a person reads through. */
const MAX_ROWS = 60;

export function studyTable(table: StudyTable, { colours, columns }: Screen): string {
  const varying = varyingMetrics(table);
  const shown = (varying.length > 0 ? varying : table.metrics).slice(0, MAX_METRICS);
  const head = [table.parameters.map(({ name }) => name.split('.').at(-1)).join(' · '), ...shown];
  const rows = table.cells
    .slice(0, MAX_ROWS)
    .map(({ parameters, metrics }) => [cellName(parameters), ...shown.map((name) => formatEstimate(name, metrics[name]))]);
  const hidden = table.cells.length - MAX_ROWS;
  return [
    terminalTable(head, rows, columns),
    ...(hidden > 0 ? [`… and ${hidden} more cells`] : []),
    ...failures(table).map(colours.red),
  ].join('\n');
}

/** Checks that broke and thresholds that were missed, each over all cells. */
function failures({ cells, seeds }: StudyTable): string[] {
  const runs = cells.length * seeds.count;
  const told = (kind: 'broken' | 'missed', words: string) => {
    const names = new Set(cells.flatMap((cell) => Object.keys(cell[kind])));
    return [...names].map((name) => {
      const count = cells.reduce((sum, cell) => sum + (cell[kind][name] ?? 0), 0);
      return `${words} in ${count} of ${runs} runs: ${name}`;
    });
  };
  return [...told('broken', 'Broken'), ...told('missed', 'Missed')];
}
