/**
 * What no source file may do, found in its syntax tree: take time or chance from the platform, export a
 * default, open without saying what it is, grow too long, write private members or long comments in another
 * way than all others. Each message names what to do instead. Not seen: a global reached under another name
 * (`const g = globalThis; g.Date`).
 */
import type { Node, NodePath } from '@babel/traverse';
import { isTest, type Problem, parseSource, type SourceFile } from './source-file.ts';
import { traverse } from './traverse.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 80;
const COMMENT_COLUMNS_MAX = 110;

const TAKE_TIME = 'take time from the HAL Clock that is handed in';
const TAKE_DELAY = "wait with the HAL Clock's setTimeout";
const TAKE_CHANCE = 'draw from the random source that is handed in';

/** Globals and their members, and modules' exports, by name: what to do instead. `*` ends a prefix. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  Date: TAKE_TIME,
  performance: TAKE_TIME,
  'process.hrtime': TAKE_TIME,
  'process.uptime': TAKE_TIME,
  'node:perf_hooks': TAKE_TIME,
  setTimeout: TAKE_DELAY,
  setInterval: `${TAKE_DELAY}, again and again`,
  setImmediate: TAKE_DELAY,
  'node:timers': TAKE_DELAY,
  'node:timers/promises': TAKE_DELAY,
  'Math.random': TAKE_CHANCE,
  'crypto.random*': TAKE_CHANCE,
  'crypto.getRandomValues': TAKE_CHANCE,
};

/**
 * Where the real clock and real chance come in: the Node and Espruino backends, command lines, benchmarks,
 * programs of others that are measured, who watches threads, and who gives apps a board’s instead.
 */
const REAL_WORLD =
  /^(hal\/(node\/|espruino\/|host\/launcher\.ts$)|relay\/(cli\/cli|server\/real-clock)\.ts$|sim\/((api|cli|bench|live|workers|fidelity\/clients)\/|sandbox\/board-globals\.ts$))/;
/** The one place where virtual time lets the event loop turn. */
const EVENT_LOOP_TURN = 'sim/kernel/turn.ts';

export function forbiddenNames(file: SourceFile): Problem[] {
  if (REAL_WORLD.test(file.path) || isTest(file.path) || !file.path.includes('/') || file.path.startsWith('.')) return [];
  const problems: Problem[] = [];
  const meet = (path: NodePath, name: string) => {
    const entry = Object.keys(FORBIDDEN).find((key) => (key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : key === name));
    if (!entry || (name === 'setImmediate' && file.path === EVENT_LOOP_TURN)) return;
    problems.push(`${file.path}:${path.node.loc?.start.line}: ${name} is not for this file: ${FORBIDDEN[entry]}`);
  };
  traverse(parseSource(file), {
    ReferencedIdentifier(path: NodePath) {
      if (path.node.type !== 'Identifier' || path.scope.hasBinding(path.node.name, true) || isInType(path)) return;
      meet(path, path.node.name);
    },
    MemberExpression(path) {
      const name = memberName(path);
      if (name) meet(path, name);
    },
    ImportDeclaration(path) {
      const module = path.node.source.value;
      meet(path, module.startsWith('node:') ? module : `node:${module}`);
      for (const one of path.node.specifiers) {
        if (one.type !== 'ImportSpecifier' || one.imported.type !== 'Identifier') continue;
        if (/^(node:)?crypto$/.test(module)) meet(path, `crypto.${one.imported.name}`);
        if (/^(node:)?process$/.test(module)) meet(path, `process.${one.imported.name}`);
      }
    },
  });
  return problems;
}

/** The name of a type or of a type's member, as in `interface A { Date: string }`. */
function isInType({ parent }: NodePath): boolean {
  return parent.type.startsWith('TS') && !parent.type.endsWith('Expression');
}

/**
 * `Math.random` for that, `Date` for `globalThis.Date`; null when the object is a variable of the file, but
 * for an imported `crypto` or `process`.
 */
function memberName(path: NodePath<Extract<Node, { type: 'MemberExpression' }>>): string | null {
  const { object, property, computed } = path.node;
  if (object.type !== 'Identifier') return null;
  const member = property.type === 'StringLiteral' ? property.value : !computed && property.type === 'Identifier' ? property.name : '';
  const binding = path.scope.getBinding(object.name);
  if (binding && binding.kind !== 'module') return null;
  if (object.name === 'globalThis' || object.name === 'global') return member;
  return `${object.name}.${member}`;
}

export function defaultExports(file: SourceFile): Problem[] {
  const defaults = parseSource(file).program.body.filter(({ type }) => type === 'ExportDefaultDeclaration');
  return defaults.map(({ loc }) => `${file.path}:${loc?.start.line}: no default exports: give it a name`);
}

/** Tests say in their names what they are about. */
export function missingHead(file: SourceFile): Problem[] {
  if (isTest(file.path)) return [];
  const opens = /^(#!.*\n)?\/\*\*/.test(file.text);
  return opens ? [] : [`${file.path}:1: open the file with a comment: what it is, what it does not do, its source`];
}

/** How long a file and the functions in it are; tests are exempt, a suite is one long function. */
export function excessLength(file: SourceFile): Problem[] {
  if (isTest(file.path)) return [];
  const problems: Problem[] = [];
  const lines = file.text.split('\n').length - 1;
  if (lines > FILE_LINES_MAX) problems.push(`${file.path}:1: ${lines} lines, at most ${FILE_LINES_MAX}: what is the second idea in it?`);
  traverse(parseSource(file), {
    noScope: true,
    Function({ node }) {
      const length = node.loc ? node.loc.end.line - node.loc.start.line + 1 : 0;
      if (length > FUNCTION_LINES_MAX) {
        problems.push(`${file.path}:${node.loc?.start.line}: a function of ${length} lines, at most ${FUNCTION_LINES_MAX}`);
      }
    },
  });
  return problems;
}

/** `private`, which firmware needs as Espruino has no `#`. */
export function hardPrivate(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  traverse(parseSource(file), {
    noScope: true,
    PrivateName({ node }) {
      problems.push(`${file.path}:${node.loc?.start.line}: #${node.id.name}: write private, as everywhere`);
    },
  });
  return problems;
}

/** Comments that have their lines to themselves. A word that is longer than a line stays whole. */
export function wideComments(file: SourceFile): Problem[] {
  const lines = file.text.split('\n');
  const problems: Problem[] = [];
  for (const { loc } of parseSource(file).comments ?? []) {
    if (!loc || lines[loc.start.line - 1].slice(0, loc.start.column).trim() !== '') continue;
    for (let number = loc.start.line; number <= loc.end.line; number++) {
      const line = lines[number - 1];
      const canBreak = line.lastIndexOf(' ', COMMENT_COLUMNS_MAX) > line.search(/[^\s/*]/);
      if (line.length > COMMENT_COLUMNS_MAX && canBreak && !line.includes('`')) {
        problems.push(`${file.path}:${number}: ${line.length} columns, at most ${COMMENT_COLUMNS_MAX}: wrap the comment`);
      }
    }
  }
  return problems;
}
