/** Comparisons as a table for a terminal or a README: one line a figure, one block per condition. */
import { type Comparison, isOutside } from './comparison.ts';

/** Significant digits of a figure, decimals of a ratio. */
const DIGITS = 4;
const DECIMALS = 2;

/** @param measured what stands beside the model, for the head of its column */
export function comparisonTable(comparisons: readonly Comparison[], measured: string): string {
  const head = ['figure', 'model', measured, 'ratio', 'allowed', 'verdict'];
  const rows = comparisons.map(cells);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 || column === head.length - 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  const lines = [line(head)];
  comparisons.forEach(({ condition }, index) => {
    if (condition !== comparisons[index - 1]?.condition) lines.push('', condition);
    lines.push(line(rows[index]));
  });
  return `${lines.join('\n')}\n`;
}

function cells(comparison: Comparison): string[] {
  const { figure, model, kernel, allowed, note } = comparison;
  const verdict = allowed === null ? '' : isOutside(comparison) ? 'OUTSIDE' : comparison.onlyTogether ? '(ok)' : 'ok';
  return [
    `  ${figure}`,
    formatFigure(model),
    formatFigure(kernel),
    model === null || kernel === 0 ? '' : (model / kernel).toFixed(DECIMALS),
    formatAllowed(comparison),
    [verdict, note].filter((part) => part !== '').join(', '),
  ];
}

function formatFigure(value: number | null): string {
  if (value === null) return 'none';
  const digits = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toFixed(value === 0 ? 0 : digits);
}

function formatAllowed({ allowed, absolute, kernel }: Comparison): string {
  if (allowed === null) return '';
  const [low, high] = allowed;
  if (absolute) return `${formatFigure(Math.max(0, low))}-${formatFigure(high)}`;
  return kernel === 0 ? '' : `${(low / kernel).toFixed(DECIMALS)}-${(high / kernel).toFixed(DECIMALS)}`;
}
