/**
 * Reads a scenario file: YAML in, a `Scenario` out, or every error of the file at once, each as
 * `file:line:column: path: what was expected`.
 *
 * The text is bounded by the caller (MAX_SCENARIO_BYTES), aliases and nesting by the parser or here, so no
 * file can take more than a moment.
 */
import { cut, written } from 'host/shown';
import { isScalar } from 'yaml';
import { hasVariable } from '../language/variables.ts';
import type { Scenario } from '../scenario.ts';
import type { Override } from './overrides.ts';
import type { Problem } from './problem.ts';
import { readDocument, type SourceFolder } from './read-document.ts';
import { describeProblem, SourceText } from './yaml-text.ts';

/** Hundreds of steps need less than a tenth of it. */
export const MAX_SCENARIO_BYTES = 256 * 1024;
/** More errors than this help nobody. */
const MAX_ERRORS = 50;

/** `isYaml` of a failure: the text can be read, so that more of its errors can be found. */
export type LoadResult = { scenario: Scenario; errors: [] } | { scenario: null; errors: string[]; isYaml: boolean };

/** @param file the file's name as messages shall show it */
export function loadScenario(
  file: string,
  text: string,
  overrides: readonly Override[] = [],
  folder: SourceFolder | null = null,
): LoadResult {
  const failed = (errors: string[], isYaml = false): LoadResult => {
    const more = errors.length > MAX_ERRORS ? [`${file}: and ${errors.length - MAX_ERRORS} more errors`] : [];
    return { scenario: null, errors: [...errors.slice(0, MAX_ERRORS), ...more], isYaml };
  };

  const source = new SourceText(file, text);
  if (source.errors.length > 0) return failed(source.errors);
  const result = readDocument(source.value, overrides, folder);
  if (result.scenario !== null) return { scenario: result.scenario, errors: [] };
  const located = result.problems.map((problem) => ({ offset: source.offsetOf(problem.inFile?.from ?? problem), problem }));
  located.sort((a, b) => a.offset - b.offset);
  return failed(
    located.map(({ offset, problem }) => {
      if (problem.inFile !== undefined) return `${problem.inFile.place}${describeProblem(problem)}`;
      const override = overrideOf(problem, overrides);
      return (override && inOverride(problem, override)) ?? `${source.at(offset)}${describeProblem(problem)}${asWritten(source, problem)}`;
    }),
    true,
  );
}

/** Where the value came from, if it did not come from the document; the last of several counts. */
export function overrideOf(problem: Problem, overrides: readonly Override[]): Override | undefined {
  return [...overrides].reverse().find(({ path }) => path.every((key, depth) => key === problem.path[depth]));
}

/** `--set link.loss=2: link.loss: expected …` */
export function inOverride(problem: Problem, { text, inWords }: Override): string {
  return inWords?.(problem) ?? `--set ${text}: ${describeProblem(problem)}`;
}

/** ` (written 0o17)` for a number that the file spells otherwise than the message does, and for a variable. */
function asWritten({ document }: SourceText, { path, isKey }: Problem): string {
  const node = isKey ? null : document?.getIn(path, true);
  if (!isScalar(node) || node.source === undefined) return '';
  if (typeof node.value === 'string' ? !hasVariable(node.value) : typeof node.value !== 'number' || node.source === written(node.value))
    return '';
  return ` (written ${cut(node.source)})`;
}
