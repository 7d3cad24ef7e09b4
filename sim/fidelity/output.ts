/** What the comparisons print: a table with its verdicts, or the figures of one condition. */
import { type Comparison, isOutside } from './comparison.ts';
import { comparisonTable } from './table.ts';

/** @param measured what stands beside the model, for the head of its column */
export function comparisonText(comparisons: readonly Comparison[], measured: string): string {
  const outside = comparisons.filter(isOutside);
  const together = comparisons.filter(({ onlyTogether }) => onlyTogether);
  const judgedCount = comparisons.filter(({ allowed }) => allowed !== null).length;
  return [
    comparisonTable(comparisons, measured),
    outside.length > 0
      ? `\n${outside.length} of ${judgedCount} judged figures lie outside:\n${listed(outside)}`
      : `\nNo figure of ${judgedCount} judged lies outside.\n`,
    together.length > 0
      ? `\n${together.length} miss their own bound and pass only by that of several rows together:\n${listed(together)}`
      : '',
  ].join('');
}

export function resultText(result: object, json: boolean): string {
  if (json) return `${JSON.stringify(result, null, 2)}\n`;
  return Object.entries(result)
    .map(([name, figures]) => `${name.padEnd(24)}${figuresLine(figures)}\n`)
    .join('');
}

function listed(comparisons: readonly Comparison[]): string {
  return comparisons.map(({ condition, figure }) => `  ${condition}: ${figure}\n`).join('');
}

function figuresLine(figures: unknown): string {
  if (typeof figures !== 'object' || figures === null) return short(figures);
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join('  ');
}

function short(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : 'none';
}
