/** The files of the repository, read and parsed once for all rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@babel/parser';

export interface SourceFile {
  /** From the top of the repository, with forward slashes. */
  path: string;
  text: string;
}

/** What a rule says about a line: `path:line: message`. */
export type Problem = string;

const NOT_OURS = new Set(['node_modules', '.git', 'runs', 'dist', 'coverage', 'package-lock.json', 'LICENSE']);

export function readRepository(folder = '.'): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return readRepository(path);
      return entry.isFile() ? [{ path, text: readFileSync(path, 'utf8') }] : [];
    });
}

export function isSource(file: SourceFile): boolean {
  return file.path.endsWith('.ts');
}

/** Tests, and what only tests use. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/testing/');
}

type SyntaxTree = ReturnType<typeof parse>;

const parsed = new WeakMap<SourceFile, SyntaxTree>();

export function parseSource(file: SourceFile): SyntaxTree {
  let tree = parsed.get(file);
  if (!tree) {
    tree = parse(file.text, { sourceType: 'module', plugins: ['typescript'], sourceFilename: file.path });
    parsed.set(file, tree);
  }
  return tree;
}
