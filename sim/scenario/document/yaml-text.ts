/** YAML of a scenario's author: read within bounds, and where in it something stands. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import { type Problem, shownPath } from './problem.ts';

/** Uses of anchors; a file that multiplies itself through them has many more. */
const MAX_ALIASES = 100;

const TOO_DEEP = 'nested too deeply';
/** The parser catches its own, and goes on to find fault with every bracket. */
const STACK_OVERFLOW = 'Maximum call stack';
/** Where the parser's words are a programmer's. */
const WORDS: Record<string, string> = {
  DUPLICATE_KEY: 'the key is given twice',
  MULTIPLE_DOCS: 'expected one document, found the beginning of a second',
};
/** A plain `${x}` within `{ }` or `[ ]`, which YAML takes for the beginning of a mapping. */
const BARE_VARIABLE = /[,:[{]\s*(\$\{\w+\})/;

/** A text and its places: `file:line:column: `. */
export class SourceText {
  readonly value: unknown;
  /** What keeps it from being read, each with its place. */
  readonly errors: string[];
  readonly document: YamlDocument.Parsed | null = null;
  private readonly file: string;
  private readonly lines = new LineCounter();

  /** @param file as messages shall show it */
  constructor(file: string, text: string) {
    this.file = file;
    const parsed = parseYaml(text, this.lines);
    this.value = typeof parsed === 'string' ? null : parsed.value;
    if (typeof parsed === 'string') {
      this.errors = [`${file}: ${parsed}`];
      return;
    }
    this.document = parsed.document;
    const faults = [...parsed.document.errors, ...parsed.document.warnings];
    const [, variable] = faults.length > 0 ? (BARE_VARIABLE.exec(text) ?? []) : [];
    const hint = variable === undefined ? '' : ` (within { } and [ ] a variable is quoted: "${variable}")`;
    this.errors = [...new Set(faults.map((fault) => `${this.at(fault.pos[0])}${WORDS[fault.code] ?? firstLine(fault.message)}${hint}`))];
    if (this.errors.length === 0 && this.value === null) this.errors = [`${file}: the file is empty; expected a scenario (version: 1, …)`];
  }

  offsetOf(problem: Omit<Problem, 'message'>): number {
    return this.document === null ? 0 : offsetOf(this.document, problem);
  }

  at(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}: `;
  }

  /** `file:line:column: boards.count: expected …` */
  tell(problem: Problem): string {
    return `${this.at(this.offsetOf(problem))}${describeProblem(problem)}`;
  }
}

/** `boards.count: expected …` */
export function describeProblem({ path, message }: Problem): string {
  return path.length === 0 ? message : `${shownPath(path)}: ${message}`;
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0];
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

function offsetOfNode(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
