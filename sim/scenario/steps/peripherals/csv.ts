/** The file of a step whose values were recorded: each of its rows becomes a step (document/recorded/). */
import { text } from '../../../kernel/fields.ts';
import type { Parameters } from '../action.ts';

const MAX_CHARACTERS = 1_024;

export const CSV = text(1, MAX_CHARACTERS);

/** Where nobody has read it. */
export function csvProblem({ csv }: Parameters): string | null {
  return csv === undefined ? null : 'csv: expected in a scenario’s file only, beside which it lies';
}
