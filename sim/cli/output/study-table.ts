/**
 * A study on the terminal: a row per cell, the first few metrics that differ between cells. All of them are
 * in cells.csv and report.html.
 */
import { wrap } from 'host/wrap';
import { cellName, formatEstimate, varyingMetrics } from '../../study/labels.ts';
import type { StudyTable } from '../../study/sweep/table.ts';
import { failuresOf, studyVerdict } from '../../study/sweep/verdict.ts';
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
  const { kind, words } = studyVerdict(table);
  return [
    colours.bold((kind === 'good' ? colours.green : colours.red)(wrap(words))),
    terminalTable(head, rows, columns),
    ...(hidden > 0 ? [`… and ${hidden} more cells`] : []),
    ...otherFailures(table).map(colours.red),
  ].join('\n');
}

/** The verdict tells the first of them. */
function otherFailures(table: StudyTable): string[] {
  const runs = table.cells.length * table.seeds.count;
  return failuresOf(table)
    .slice(1)
    .map(({ name, count, worst }) => `Failed in ${count} of ${runs} runs: ${name}${worst === null ? '' : `, most with ${worst}`}`);
}
