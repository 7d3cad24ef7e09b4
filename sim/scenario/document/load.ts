/**
 * Reads a scenario file: YAML in, a `Scenario` out, or every error of the file at once, each as
 * `file:line:column: path: what was expected`.
 *
 * The text is bounded by the caller (MAX_SCENARIO_BYTES), aliases and nesting by the parser or here, so no
 * file can take more than a moment.
 */
import { cut, written } from 'host/shown';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import type { Scenario } from '../scenario.ts';
import type { Override } from './overrides.ts';
import { type Problem, shownPath } from './problem.ts';
import { readDocument, type SourceFolder } from './read-document.ts';

/** Hundreds of steps need less than a tenth of it. */
export const MAX_SCENARIO_BYTES = 256 * 1024;
/** Uses of anchors; a file that multiplies itself through them has many more. */
const MAX_ALIASES = 100;
/** More errors than this help nobody. */
const MAX_ERRORS = 50;

const TOO_DEEP = 'nested too deeply';
/** The parser catches its own, and goes on to find fault with every bracket. */
const STACK_OVERFLOW = 'Maximum call stack';
/** Where the parser's words are a programmer's. */
const WORDS: Record<string, string> = {
  DUPLICATE_KEY: 'the key is given twice',
  MULTIPLE_DOCS: 'expected one document, found the beginning of a second',
};

/** `isYaml` of a failure: the text can be read, so that more of its errors can be found. */
export type LoadResult = { scenario: Scenario; errors: [] } | { scenario: null; errors: string[]; isYaml: boolean };

/** @param file the file's name as messages shall show it */
export function loadScenario(
  file: string,
  text: string,
  overrides: readonly Override[] = [],
  folder: SourceFolder | null = null,
): LoadResult {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}: `;
  };
  const failed = (errors: string[], isYaml = false): LoadResult => {
    const more = errors.length > MAX_ERRORS ? [`${file}: and ${errors.length - MAX_ERRORS} more errors`] : [];
    return { scenario: null, errors: [...errors.slice(0, MAX_ERRORS), ...more], isYaml };
  };

  const parsed = parseYaml(text, lines);
  if (typeof parsed === 'string') return failed([`${file}: ${parsed}`]);
  const { document, value } = parsed;
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0)
    return failed([...new Set(faults.map((fault) => `${at(fault.pos[0])}${WORDS[fault.code] ?? firstLine(fault.message)}`))]);
  if (value === null) return failed([`${file}: the file is empty; expected a scenario (version: 1, …)`]);

  const result = readDocument(value, overrides, folder);
  if (result.scenario !== null) return { scenario: result.scenario, errors: [] };
  const located = result.problems.map((problem) => ({
    offset: offsetOf(document, problem),
    problem,
    override: overrideOf(problem, overrides),
  }));
  located.sort((a, b) => a.offset - b.offset);
  return failed(
    located.map(
      ({ offset, problem, override }) =>
        (override && inOverride(problem, override)) ?? `${at(offset)}${describeProblem(problem)}${asWritten(document, problem)}`,
    ),
    true,
  );
}

/** `boards.count: expected …` */
export function describeProblem({ path, message }: Problem): string {
  return path.length === 0 ? message : `${shownPath(path)}: ${message}`;
}

/** Where the value came from, if it did not come from the document; the last of several counts. */
export function overrideOf(problem: Problem, overrides: readonly Override[]): Override | undefined {
  return [...overrides].reverse().find(({ path }) => path.every((key, depth) => key === problem.path[depth]));
}

/** `--set link.loss=2: link.loss: expected …` */
export function inOverride(problem: Problem, { text, inWords }: Override): string {
  return inWords?.(problem) ?? `--set ${text}: ${describeProblem(problem)}`;
}

/** In words what the text is instead of YAML that can be used. */
export function parseYaml(text: string, lineCounter: LineCounter): { document: YamlDocument.Parsed; value: unknown } | string {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    if (document.errors.some(({ message }) => message.startsWith(STACK_OVERFLOW))) return TOO_DEEP;
    const value: unknown = document.errors.length > 0 ? null : document.toJS({ maxAliasCount: MAX_ALIASES });
    return containsItself(value) ? 'an alias stands inside of what it stands for' : { document, value };
  } catch (error) {
    // The parser recurses into nesting, and counts aliases only when it follows them.
    if (error instanceof RangeError) return TOO_DEEP;
    if (error instanceof ReferenceError) return `more than ${MAX_ALIASES} uses of aliases`;
    throw error;
  }
}

/** @param around the collections that the value is in */
function containsItself(value: unknown, around: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return around.includes(value) || Object.values(value).some((inner) => containsItself(inner, [...around, value]));
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0];
}

/** Where in the text: the value or the key that is wrong, or the closest place around it that exists. */
export function offsetOf(document: YamlDocument.Parsed, { path, isKey }: Omit<Problem, 'message'>): number {
  let node: unknown = document.contents;
  let offset = offsetOfNode(node) ?? 0;
  for (const [depth, key] of path.entries()) {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(key)] : pair?.value;
    const place = isKey && depth === path.length - 1 ? pair?.key : (next ?? pair?.key);
    offset = offsetOfNode(place) ?? offset;
    node = next;
  }
  return offset;
}

/** ` (written 0o17)` for a number that the file spells otherwise than the message does. */
function asWritten(document: YamlDocument.Parsed, { path, isKey }: Problem): string {
  const node = isKey ? null : document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== 'number' || node.source === undefined || node.source === written(node.value)) return '';
  return ` (written ${cut(node.source)})`;
}

function offsetOfNode(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
