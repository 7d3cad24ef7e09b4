/**
 * Ends a handler that does not come back, at the same place in every run: code counts each turn of a loop and
 * each call of a function, and gets no more of them than any board has time for.
 *
 * A `catch` does not save it: every turn and every call after the last allowed one throws, until the handler
 * is over. Not counted: what the engine does by itself, such as a regular expression that tries for ever; for
 * that there is a watchdog (watchdog.ts).
 */
import { createRequire } from 'node:module';
import type { Node } from '@babel/traverse';
import { BoardStopped } from 'hal/stopped';

/**
 * Of one handler with its promises. An interpreter on an ESP32 takes a minute for as many [assumed: some 30
 * µs each], and a computer 50 ms.
 */
const TURNS_MAX = 2_000_000;

/** The name by which code knows `turns`. */
export const TURNS = 'squall$turns';

class Turns {
  /** Counted down by the code itself. */
  left = TURNS_MAX;
  private error: BoardStopped | null = null;

  /** Called by code that has none left. */
  end(): never {
    this.error ??= new BoardStopped();
    throw this.error;
  }

  /** A handler begins. */
  refill(): void {
    this.left = TURNS_MAX;
  }

  /** What was thrown where the last handler had none left; null: it had enough. */
  take(): unknown {
    const { error } = this;
    this.error = null;
    return error;
  }
}

/** Of the handler that runs: there is one at a time. */
export const turns = new Turns();

const CHECK = `if(--${TURNS}.left<0)${TURNS}.end();`;
const CHECK_EXPRESSION = `(--${TURNS}.left<0&&${TURNS}.end(),`;

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Code that counts its turns, on the same lines. */
export interface Counted {
  readonly code: string;
  /** Which column of the original code this one was, both from 1. */
  columnBefore(line: number, column: number): number;
}

export function countTurns(code: string): Counted {
  // Where it is needed, and not before: a worker cannot import on demand.
  const { parse } = createRequire(__filename)('@babel/parser') as typeof import('@babel/parser');
  const { program } = parse(code, { allowReturnOutsideFunction: true, errorRecovery: true, tokens: false });
  const insertions: Insertion[] = [];
  visit(program, insertions);
  insertions.sort((a, b) => a.at - b.at);
  let counted = '';
  let from = 0;
  for (const { at, text } of insertions) {
    counted += code.slice(from, at) + text;
    from = at;
  }
  return { code: counted + code.slice(from), columnBefore: (line, column) => columnBefore(code, insertions, line, column) };
}

/** What begins before the inside of a node, and ends after it, is written in this order. */
function visit(node: Node, insertions: Insertion[]): void {
  const [before, after] = 'body' in node && (isLoop(node) || 'params' in node) ? around(node.body as Node) : [];
  if (before !== undefined) insertions.push(before);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === 'string') visit(child, insertions);
  }
  if (after !== undefined) insertions.push(after);
}

const isLoop = ({ type }: Node): boolean => /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(type);

/** The check in the body of a loop or a function, and what closes it. */
function around(body: Node): [before: Insertion, after?: Insertion] {
  const [start, end] = [body.start ?? 0, body.end ?? 0];
  if (body.type === 'BlockStatement') {
    const directive = body.directives.at(-1);
    return [{ at: directive?.end ?? start + 1, text: directive === undefined ? CHECK : `;${CHECK}` }];
  }
  if (body.type.endsWith('Statement')) {
    return [
      { at: start, text: `{${CHECK}` },
      { at: end, text: '}' },
    ];
  }
  return [
    { at: start, text: CHECK_EXPRESSION },
    { at: end, text: ')' },
  ];
}

function columnBefore(code: string, insertions: readonly Insertion[], line: number, column: number): number {
  let lineStart = 0;
  for (let n = 1; n < line; n++) lineStart = code.indexOf('\n', lineStart) + 1;
  let before = column;
  for (const { at, text } of insertions) {
    const atColumn = at - lineStart + 1;
    if (atColumn < 1) continue;
    if (atColumn >= before) break;
    before = Math.max(atColumn, before - text.length);
  }
  return before;
}
