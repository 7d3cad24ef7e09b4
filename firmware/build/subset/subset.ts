/**
 * Says what in a source file Espruino cannot run, with what to write instead. For apps as well as for the
 * kit's own firmware.
 *
 * Judges the source, before the build's transforms (destructuring, spread, `?.`, `??`, default parameters and
 * block scopes are theirs). One file at a time and without types, which are checked apart (types.ts). What
 * differs and cannot be seen is in the table of testing/constructs.
 */
import type { types } from '@babel/core';
import { parse } from '@babel/parser';
import traverseModule, { type NodePath, type TraverseOptions } from '@babel/traverse';
import { callRules } from './calls.ts';
import { importRules } from './imports.ts';
import { languageRules } from './language.ts';
import { nameRules } from './names.ts';
import type { Report, Severity } from './report.ts';
import { textRules, wideCharacter } from './text.ts';

export interface Finding {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
  /** Absent: an error. */
  severity?: Severity;
}

// A CommonJS module: its function may arrive as the default of the default.
const traverse = ('default' in traverseModule ? traverseModule.default : traverseModule) as typeof traverseModule;

/** Types are gone before the code runs. */
const SKIP_TYPES: TraverseOptions = {
  TSType: (path) => path.skip(),
  TSTypeAnnotation: (path) => path.skip(),
  TSTypeParameterInstantiation: (path) => path.skip(),
  TSInterfaceDeclaration: (path) => path.skip(),
  TSTypeAliasDeclaration: (path) => path.skip(),
  TSDeclareFunction: (path) => path.skip(),
};

interface SubsetOptions {
  /** Whether the file may import whatever its platform has: only the backend may. */
  isBackend?: boolean;
  /** Members of the app's other files: see `declaredMembers`. */
  declared?: ReadonlySet<string>;
}

/** `(x as any).flat()` is `x.flat()` to a board. */
const WITHOUT_CASTS = {
  'TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|TSTypeAssertion'(path: NodePath) {
    path.replaceWith((path.node as types.TSAsExpression).expression);
  },
} as TraverseOptions;

/** @returns what was found, in the order of the source; a file that does not parse is one finding */
export function checkSubset(source: string, file: string, { isBackend = false, declared = new Set() }: SubsetOptions = {}): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (node, what, instead, severity) => {
    const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
    findings.push({ file, line, column: column + 1, message: `${what}: ${instead}`, ...(severity === 'warning' && { severity }) });
  };
  try {
    const tree = parseSource(source);
    traverse(tree, WITHOUT_CASTS);
    const members = new Set([...declared, ...membersOf(tree)]);
    const rules = [languageRules(report), nameRules(report, members), callRules(report), textRules(report)];
    for (const rule of isBackend ? rules : [...rules, importRules(report)]) traverse(tree, { ...SKIP_TYPES, ...rule });
  } catch (error) {
    findings.push(syntaxError(error, file));
  }
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A `.json` file becomes literals of the program. */
export function checkJson(source: string, file: string): Finding[] {
  return source.split('\n').flatMap((text, at) => {
    const found = /[^\0-\xff]|(?<!\\)(?:\\\\)*\\u(?!00)[0-9a-fA-F]{4}/.exec(text);
    if (found === null) return [];
    const character = found[0].length < 3 ? text.slice(found.index) : String.fromCharCode(Number.parseInt(found[0].slice(-4), 16));
    const [what] = wideCharacter(character) ?? [];
    return { file, line: at + 1, column: found.index + 1, message: `${what}: a board has no such character; write ASCII` };
  });
}

/** The names of what the classes, objects and types of a source have. */
export function declaredMembers(source: string): string[] {
  try {
    return membersOf(parseSource(source));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

type SyntaxTree = ReturnType<typeof parse>;

function parseSource(source: string): SyntaxTree {
  return parse(source, { sourceType: 'module', plugins: ['typescript'] });
}

function membersOf(tree: SyntaxTree): string[] {
  const names: string[] = [];
  traverse(tree, {
    noScope: true,
    'ClassMethod|ClassProperty|ObjectMethod|ObjectProperty|TSMethodSignature|TSPropertySignature|TSDeclareMethod'({ node }: NodePath) {
      const { key } = node as { key?: { type: string; name?: string } };
      if (key?.type === 'Identifier' && key.name !== undefined) names.push(key.name);
    },
  } as TraverseOptions);
  return names;
}

/** The parser's own errors carry a place; anything else is a bug here and goes on. */
function syntaxError(error: unknown, file: string): Finding {
  if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
  const { line, column } = error.loc as { line: number; column: number };
  return { file, line, column: column + 1, message: error.message.replace(/ \(\d+:\d+\)$/, '') };
}
