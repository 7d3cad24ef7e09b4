/**
 * A study's table as text about it asks for it: one metric of one cell at a time, in words with its interval.
 *
 * No metric is below zero, so an interval that begins there is cut off.
 */
import { formatMetric } from '../../measure/format-metric.ts';
import { valueName } from '../labels.ts';
import type { Estimate } from '../statistics/statistics.ts';
import type { StudyTable } from '../sweep/table.ts';

export class Cells {
  readonly table: StudyTable;
  private readonly metric: string;

  constructor(table: StudyTable, metric: string) {
    this.table = table;
    this.metric = metric;
  }

  /** @param values of the parameters, in their order */
  at(...values: string[]): Estimate {
    const cell = this.table.cells.find(({ parameters }) =>
      Object.values(parameters).every((value, index) => valueName(value) === values[index]),
    );
    if (cell === undefined) throw new Error(`${this.table.study} has no cell ${values.join(', ')}`);
    return cell.metrics[this.metric];
  }

  /** Of a cell that has samples. */
  mean(...values: string[]): number {
    const { mean } = this.at(...values);
    if (mean === null) throw new Error(`${this.table.study}: ${this.metric} has no sample in ${values.join(', ')}`);
    return mean;
  }

  /** `7.1 s (6.8 to 7.4 s)` */
  say(...values: string[]): string {
    const { mean, low, high } = this.at(...values);
    const show = (value: number | null) => formatMetric(this.metric, value);
    if (mean === null) return 'never';
    return interval(show(mean), show(low && Math.max(low, 0)), show(high));
  }

  /** The same, with the mean and interval multiplied: counts of a run as rates. */
  sayTimes(factor: number, ...values: string[]): string {
    const { mean, low, high } = this.at(...values);
    const show = (value: number | null) => (value === null ? '–' : String(Number((value * factor).toPrecision(3))));
    return interval(show(mean), show(low && Math.max(low, 0)), show(high));
  }
}

/** Nothing in brackets that says the same twice. */
function interval(mean: string, low: string, high: string): string {
  return low === high ? mean : `${mean} (${low} to ${high})`;
}
