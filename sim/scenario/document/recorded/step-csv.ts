/**
 * A step whose values somebody recorded over time: `{ at: 10s, action: adc.set, pin: 34, csv: battery.csv }`
 * stands for one step for each row, so that a run's recording needs no second file.
 *
 * The CSV has a header of `t_ms`, counted from the step's time, and any of the action's `columns`. Each row
 * holds until the next, and an empty cell says nothing of its value.
 */
import { isMapping } from 'host/is-mapping';
import { formatDuration, parseDuration } from 'host/units';
import type { Action } from '../../steps/action.ts';
import { ACTIONS } from '../../steps/index.ts';
import type { Problem } from '../problem.ts';
import type { SourceFolder } from '../source-folder.ts';
import { numberOf, readCsvRows } from './csv-rows.ts';

/** Steps that one file may become: half of what a scenario may have. */
const MAX_ROWS = 5_000;
/** What a step says of its own repetition or end, which a course has by itself. */
const FOREIGN = ['every', 'times', 'for'];

type Step = Record<string, unknown>;

/**
 * Puts rows in the place of `csv:`, the first where the step stood and the others behind all steps, so that
 * those keep their numbers.
 */
export function unrollStepCsvs(document: Record<string, unknown>, folder: SourceFolder | null, durationMs: number): Problem[] {
  const { steps } = document;
  if (!Array.isArray(steps) || folder === null) return [];
  const problems: Problem[] = [];
  const more: Step[] = [];
  document.steps = steps.map((step: unknown, index) => {
    const columns = isMapping(step) ? columnsOf(step) : null;
    if (columns === null) return step;
    const { csv, ...rest } = step as Step & { csv: string };
    const rows = unrolled(rest, csv, columns, folder, durationMs);
    if (typeof rows === 'string') {
      problems.push({ path: ['steps', index, 'csv'], message: rows });
      return step;
    }
    more.push(...rows.slice(1));
    return rows[0];
  });
  (document.steps as unknown[]).push(...more);
  return problems;
}

/** Of its action, when the step has a file for them. */
function columnsOf({ action, csv }: Step): NonNullable<Action['columns']> | null {
  if (typeof csv !== 'string' || typeof action !== 'string' || !Object.hasOwn(ACTIONS, action)) return null;
  return ACTIONS[action].columns ?? null;
}

function unrolled(step: Step, csv: string, columns: readonly string[], folder: SourceFolder, durationMs: number): Step[] | string {
  const foreign = FOREIGN.find((key) => step[key] !== undefined);
  if (foreign !== undefined) return `expected no ${foreign}: beside it: its rows say when`;
  const fromMs = typeof step.at === 'string' ? parseDuration(step.at) : null;
  if (fromMs === null) return 'expected at: beside it, when its time begins';
  const file = folder.readTrace(csv);
  if ('problem' in file) return file.problem;
  const read = rowsOf(step, file.text, columns, fromMs, durationMs);
  if (typeof read === 'string') return `${csv}: ${read}`;
  return read.length === 0 ? `${csv}: expected a row before the end of the run` : read;
}

function rowsOf(step: Step, text: string, columns: readonly string[], fromMs: number, durationMs: number): Step[] | string {
  const expected = `t_ms and any of ${columns.join(', ')}`;
  if (!/^\s*t_ms\b/.test(text)) return `line 1: expected a CSV that begins with ${expected}`;
  let names: readonly string[] = [];
  const check = (given: readonly string[]): string | null => {
    names = given;
    const unknown = given.find((name) => !columns.includes(name));
    if (unknown !== undefined) return `unknown column "${unknown}"; expected ${expected}`;
    if (given.length === 0) return `no column; expected ${expected}`;
    return given.find((name) => step[name] !== undefined) === undefined ? null : 'expected no value of the step in a column, too';
  };
  const rows = readCsvRows(text, check, durationMs - fromMs);
  if (typeof rows === 'string') return rows;
  const { parameters } = ACTIONS[step.action as string];
  const steps: Step[] = [];
  for (const { atMs, cells, place } of rows) {
    const values: Step = {};
    for (const [at, cell] of cells.entries()) {
      if (cell === '') continue;
      const field = parameters[names[at]];
      values[names[at]] = numberOf(cell) ?? cell;
      if (field.read(values[names[at]]) === null) return `${place}: ${names[at]}: expected ${field.expected}, got "${cell}"`;
    }
    if (Object.keys(values).length > 0) steps.push({ ...step, ...values, at: formatDuration(fromMs + atMs) });
  }
  return steps.length <= MAX_ROWS ? steps : `more than ${MAX_ROWS} rows; expected at most that`;
}
