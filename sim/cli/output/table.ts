/**
 * Tables for a terminal: as wide as it is, cells broken between words by what is seen and not by colour
 * codes. A table that cannot be narrow enough is turned: a line for each cell, under the name of its row.
 */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import wrapAnsi from 'wrap-ansi';

/** Of one column's frame, and of the last border. */
const COLUMN_FRAME = 3;
const LAST_BORDER = 1;
/** Lines between rows cost more height than they give order. */
const NO_RULES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const TURNED_INDENT = '  ';
/** A longer word is broken. */
const WORD_COLUMNS_MAX = 24;

/** @param head null: none @param columns of the terminal */
export function terminalTable(head: readonly string[] | null, rows: readonly (readonly string[])[], columns: number): string {
  const all = head === null ? rows : [head, ...rows];
  const widths = columnWidths(all, columns);
  if (widths === null) return turned(head ?? rows[0].map(() => ''), rows);
  const wrapped = all.map((row) => row.map((cell, column) => wrapAnsi(cell, widths[column], { hard: true })));
  const table = new Table({
    ...(head === null ? {} : { head: wrapped[0] }),
    colWidths: widths.map((width) => width + COLUMN_FRAME - LAST_BORDER),
    style: { head: [], border: [] },
    chars: NO_RULES,
  });
  table.push(...(head === null ? wrapped : wrapped.slice(1)));
  return table.toString();
}

/**
 * As wide as their cells, and when that is too much the widest ones narrower, down to their longest word.
 * null: still too much.
 */
function columnWidths(rows: readonly (readonly string[])[], columns: number): number[] | null {
  const natural = most(rows, (cell) => cell.split('\n'));
  const least = most(rows, (cell) => cell.split(/\s+/)).map((width) => Math.min(width, WORD_COLUMNS_MAX));
  const room = columns - natural.length * COLUMN_FRAME - LAST_BORDER;
  if (sum(least) > room) return null;
  const widths = [...natural];
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = widths.reduce((best, width, column) => (width > least[column] && width > (widths[best] ?? 0) ? column : best), -1);
    widths[widest]--;
  }
  return widths;
}

/** By column: the most columns of the terminal that a part of a cell takes. */
function most(rows: readonly (readonly string[])[], parts: (cell: string) => string[]): number[] {
  const widths = new Array<number>(Math.max(...rows.map((row) => row.length))).fill(0);
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column], ...parts(stripVTControlCharacters(cell)).map((part) => part.length));
    });
  }
  return widths;
}

/** A column without a name is a mark before the name of the row. */
function turned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const named = head[0] === '' ? 2 : 1;
  const block = (row: readonly string[]) => [
    row.slice(0, named).join(' ').trim(),
    ...row.slice(named).map((cell, index) => `${TURNED_INDENT}${head[named + index]}: ${cell}`),
  ];
  return rows.flatMap(block).join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
