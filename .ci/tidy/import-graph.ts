/**
 * Who imports whom: static imports, re-exports, `import()` and `require()` of a literal. Other ways to load a
 * module are not seen.
 */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Node } from '@babel/traverse';
import { parseSource, type SourceFile } from './source-file.ts';
import { traverse } from './traverse.ts';

export interface Import {
  from: string;
  line: number;
  /** A path in the repository, or `node:…`, or `npm:` and a package's name. */
  to: string;
  /** `import type`. The form `import { type A }` is not: it still loads the module. */
  typeOnly: boolean;
}

export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  const add = (source: Node | null | undefined, typeOnly: boolean) => {
    if (source?.type !== 'StringLiteral') return;
    found.push({ from: file.path, line: source.loc?.start.line ?? 0, to: resolve(file.path, source.value), typeOnly });
  };
  traverse(parseSource(file), {
    noScope: true,
    ImportDeclaration: ({ node }) => add(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: ({ node }) => add(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: ({ node }) => add(node.source, node.exportKind === 'type'),
    TSImportType: ({ node }) => add(node.argument, true),
    CallExpression: ({ node }) => {
      const loads = node.callee.type === 'Import' || (node.callee.type === 'Identifier' && node.callee.name === 'require');
      if (loads) add(node.arguments[0], false);
    },
  });
  return found;
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  const [scope, name] = specifier.split('/');
  const workspace = workspaces.get(scope);
  if (workspace) return resolveInWorkspace(workspace, specifier.slice(scope.length));
  return `npm:${scope.startsWith('@') ? `${scope}/${name}` : scope}`;
}

interface Workspace {
  folder: string;
  exports: Record<string, string>;
}

/** By their name, which need not be that of their folder. */
const workspaces = new Map<string, Workspace>(
  readJson('package.json').workspaces.map((folder: string) => {
    const { name, exports } = readJson(`${folder}/package.json`);
    return [name, { folder, exports }];
  }),
);

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Package exports as these workspaces use them: exact names first, then `./*`. */
function resolveInWorkspace({ folder, exports }: Workspace, subpath: string): string {
  const target = exports[`.${subpath}`] ?? exports['./*'].replace('*', subpath.slice(1));
  return posix.join(folder, target);
}
