/** A CSV of what somebody recorded over time: a header of `t_ms` and other columns, and rows in order. */
import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRow {
  atMs: number;
  /** Of the columns after `t_ms`. */
  cells: readonly string[];
  /** For messages: `line 7`. */
  place: string;
}

interface ParsedRow {
  record: string[];
  info: { lines: number };
}

/**
 * @param names what is wrong with the columns after `t_ms`, or null @param untilMs rows after that are not
 * looked at @returns what is wrong, with the line's number, when it is no such CSV
 */
export function readCsvRows(text: string, names: (columns: readonly string[]) => string | null, untilMs: number): CsvRow[] | string {
  try {
    const [head, ...rows] = parse(text.trimEnd(), { trim: true, relax_column_count: true, info: true }) as unknown as ParsedRow[];
    const problem = names(head.record.slice(1));
    return problem === null ? inOrder(rows, head.record.length, untilMs) : `line 1: ${problem}`;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return `line ${error.lines}: ${error.message}`;
  }
}

function inOrder(rows: readonly ParsedRow[], columns: number, untilMs: number): CsvRow[] | string {
  const read: CsvRow[] = [];
  let lastMs = -1;
  for (const { record, info } of rows) {
    const place = `line ${info.lines}`;
    const atMs = numberOf(record[0]);
    if (record.length !== columns) return `${place}: ${record.length} cells; expected ${columns}`;
    if (atMs === null || atMs <= lastMs) return `${place}: t_ms: expected a number of milliseconds after ${lastMs}, got "${record[0]}"`;
    lastMs = atMs;
    if (atMs > untilMs) break;
    read.push({ atMs, cells: record.slice(1), place });
  }
  return read;
}

/** null: it is none. */
export function numberOf(cell: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : null;
}
