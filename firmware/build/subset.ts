/**
 * Says what in a source file Espruino cannot run, with what to write instead. For apps as well as for the kit's own firmware.
 *
 * Judges the source, before the build's transforms (destructuring, spread, `?.`, `??`, default parameters and block scopes are theirs). One file at a
 * time and without types, so it cannot see the spreading of a non-array, a reliance on stable sort, or a banned method called through a variable.
 */
import { parse } from '@babel/parser';
import traverseModule, { type TraverseOptions } from '@babel/traverse';
import { languageRules } from './subset-language.ts';
import { nameRules } from './subset-names.ts';
import type { Report } from './subset-report.ts';

export interface Finding {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
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

/** @returns what was found, in the order of the source; a file that does not parse is one finding */
export function checkSubset(source: string, file: string): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (node, what, instead) => {
    const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
    findings.push({ file, line, column: column + 1, message: `${what}: ${instead}` });
  };
  try {
    const tree = parse(source, { sourceType: 'module', plugins: ['typescript'] });
    traverse(tree, { ...SKIP_TYPES, ...languageRules(report) });
    traverse(tree, { ...SKIP_TYPES, ...nameRules(report) });
  } catch (error) {
    findings.push(syntaxError(error, file));
  }
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The parser's own errors carry a place; anything else is a bug here and goes on. */
function syntaxError(error: unknown, file: string): Finding {
  if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
  const { line, column } = error.loc as { line: number; column: number };
  return { file, line, column: column + 1, message: error.message.replace(/ \(\d+:\d+\)$/, '') };
}
