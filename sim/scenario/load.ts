/**
 * Reads a scenario file: YAML in, a `Scenario` out, or every error of the file at once, each as `file:line:column: path: what was expected`.
 *
 * The text is bounded by the caller (MAX_SCENARIO_BYTES), aliases and nesting by the parser or here, so no file can take more than a moment.
 */
import { isCollection, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, type Document as YamlDocument } from 'yaml';
import type { Override } from './overrides.ts';
import type { Problem } from './problem.ts';
import { readDocument } from './read-document.ts';
import type { Scenario } from './scenario.ts';

/** Hundreds of steps need less than a tenth of it. */
export const MAX_SCENARIO_BYTES = 256 * 1024;
/** Uses of anchors; a file that multiplies itself through them has many more. */
const MAX_ALIASES = 100;
/** More errors than this help nobody. */
const MAX_ERRORS = 50;

export type LoadResult = { scenario: Scenario; errors: [] } | { scenario: null; errors: string[] };

/** @param file the file's name as messages shall show it */
export function loadScenario(file: string, text: string, overrides: readonly Override[] = []): LoadResult {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}: `;
  };
  const failed = (errors: string[]): LoadResult => {
    const more = errors.length > MAX_ERRORS ? [`${file}: and ${errors.length - MAX_ERRORS} more errors`] : [];
    return { scenario: null, errors: [...errors.slice(0, MAX_ERRORS), ...more] };
  };

  const parsed = parseYaml(text, lines);
  if (typeof parsed === 'string') return failed([`${file}: ${parsed}`]);
  const { document, value } = parsed;
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) return failed(faults.map((fault) => `${at(fault.pos[0])}${firstLine(fault.message)}`));
  if (value === null) return failed([`${file}: the file is empty; expected a scenario (version: 1, …)`]);

  const result = readDocument(value, overrides);
  if (result.scenario !== null) return { scenario: result.scenario, errors: [] };
  const located = result.problems.map((problem) => ({
    offset: offsetOf(document, problem.path),
    problem,
    override: overrideOf(problem, overrides),
  }));
  located.sort((a, b) => a.offset - b.offset);
  return failed(located.map(({ offset, problem, override }) => `${override ?? at(offset)}${describeProblem(problem)}`));
}

/** `boards.count: expected …` */
export function describeProblem({ path, message }: Problem): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** `--set …: `, if that is where the value came from; the last of several counts. */
export function overrideOf(problem: Problem, overrides: readonly Override[]): string | undefined {
  const override = [...overrides].reverse().find(({ path }) => path.every((key, depth) => key === problem.path[depth]));
  return override && `--set ${override.text}: `;
}

function parseYaml(text: string, lineCounter: LineCounter): { document: YamlDocument.Parsed; value: unknown } | string {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false });
    const value: unknown = document.errors.length > 0 ? null : document.toJS({ maxAliasCount: MAX_ALIASES });
    return { document, value };
  } catch (error) {
    // The parser recurses into nesting, and counts aliases only when it follows them.
    if (error instanceof RangeError) return 'nested too deeply';
    if (error instanceof ReferenceError) return `more than ${MAX_ALIASES} uses of aliases`;
    throw error;
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0];
}

/** Where in the text: the value at `path`, or its key when the key is what is wrong, or the closest place around it that exists. */
function offsetOf(document: YamlDocument.Parsed, path: Problem['path']): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const key of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    const next: unknown = pair === undefined ? node.get(key, true) : pair.value;
    const place = (next ?? pair?.key) as Node | undefined;
    if (place === undefined) break;
    offset = place.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}
