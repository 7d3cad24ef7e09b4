/** What firmware threw and did not catch, by message, for the terminal: only of runs in which it did. */
import { formatCount, formatMs, plural } from 'host/format';
import type { BoardError, Summary } from '../../measure/result.ts';
import type { Screen } from '../io.ts';
import { terminalTable } from './table.ts';

/** What a person reads at once; summary.json and the report have more. */
const MAX_ROWS = 5;
const HEAD = ['uncaught error', 'at', 'times', 'boards', 'first'];

/** null: there is nothing to tell. */
export function errorTable({ errors, metrics }: Summary, { colours, columns }: Screen): string | null {
  if (errors.length === 0) return null;
  const shown = errors.slice(0, MAX_ROWS);
  const table = terminalTable(HEAD.map(colours.red), shown.map(row), columns);
  const rest = (metrics.board_errors as number) - shown.reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? table : `${table}\n… and ${plural(rest, 'error')} more of other kinds`;
}

function row({ message, at, count, boards, first_ms }: BoardError): string[] {
  return [message, at === '' ? 'unknown' : at, formatCount(count), formatCount(boards), formatMs(first_ms)];
}
