/** What firmware threw and did not catch, by message, for the terminal: only of runs in which it did. */
import Table from 'cli-table3';
import { formatCount, formatMs, plural } from 'host/format';
import type { createColors } from 'picocolors';
import type { BoardError, Summary } from '../../measure/result.ts';

/** What a person reads at once; summary.json and the report have more. */
const MAX_ROWS = 5;
const HEAD = ['uncaught error', 'at', 'times', 'boards', 'first'];
/** 80 columns with the borders. */
const WIDTHS = [29, 22, 7, 8, 8];
const NO_RULES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** null: there is nothing to tell. */
export function errorTable({ errors, metrics }: Summary, colours: ReturnType<typeof createColors>): string | null {
  if (errors.length === 0) return null;
  const table = new Table({
    head: HEAD.map((title) => colours.red(title)),
    colWidths: WIDTHS,
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
    chars: NO_RULES,
  });
  const shown = errors.slice(0, MAX_ROWS);
  table.push(...shown.map(row));
  const told = shown.reduce((sum, { count }) => sum + count, 0);
  const rest = (metrics.board_errors as number) - told;
  return rest === 0 ? table.toString() : `${table.toString()}\n… and ${plural(rest, 'error')} more of other kinds`;
}

function row({ message, at, count, boards, first_ms }: BoardError): string[] {
  return [message, at === '' ? 'unknown' : at, formatCount(count), formatCount(boards), formatMs(first_ms)];
}
