/**
 * The types of what the package exports: the compiler's declarations of those modules and of all that they
 * name, with paths in place of the names that only a clone knows.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, resolve } from 'node:path';

/** The kit's workspaces, by the name under which they are imported. */
const FOLDERS: Readonly<Record<string, string>> = { hal: 'hal', host: 'hal/host', firmware: 'firmware', relay: 'relay', sim: 'sim' };
const SPECIFIER = /(?<=\bfrom ['"]|\bimport\(['"]|^import ['"])[^'"]+(?=['"])/gm;

/** @param modules from the kit's folder, without extension */
export function emitTypes(modules: readonly string[], out: string): void {
  const emitted = declare(modules);
  try {
    const known = new Set<string>();
    for (const module of modules) copy(module, emitted, out, known);
  } finally {
    rmSync(emitted, { recursive: true });
  }
}

/** @returns a folder with the declarations of everything, which the caller removes */
function declare(modules: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-types-'));
  const project = join(folder, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: folder,
    rootDir: resolve('.'),
    typeRoots: [resolve('node_modules/@types')],
    // Found as workspaces they were other packages, of which nothing is declared.
    paths: Object.fromEntries(Object.entries(FOLDERS).flatMap(([name, folder]) => pathsOf(name, resolve(folder)))),
  };
  writeFileSync(
    project,
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions,
      include: [],
      files: modules.map((name) => resolve(`${name}.ts`)),
    }),
  );
  const compiler = join(dirname(createRequire(__filename).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  return folder;
}

function pathsOf(name: string, folder: string): [string, string[]][] {
  return [
    [name, [`${folder}/index.ts`]],
    [`${name}/*`, [`${folder}/*.ts`, `${folder}/*/index.ts`]],
  ];
}

function copy(module: string, from: string, out: string, known: Set<string>): void {
  if (known.has(module)) return;
  known.add(module);
  const text = readFileSync(join(from, `${module}.d.ts`), 'utf8').replace(SPECIFIER, (specifier) => {
    const target = moduleOf(specifier, module, from);
    if (target === null) return specifier;
    copy(target, from, out, known);
    const path = posix.relative(posix.dirname(module), target);
    return `${path.startsWith('.') ? path : `./${path}`}.js`;
  });
  const file = join(out, `${module}.d.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** null: of another package. */
function moduleOf(specifier: string, importer: string, from: string): string | null {
  const bare = specifier.replace(/\.[jt]s$/, '');
  const [name, ...rest] = bare.split('/');
  if (!specifier.startsWith('.') && !Object.hasOwn(FOLDERS, name)) return null;
  const path = specifier.startsWith('.') ? posix.join(posix.dirname(importer), bare) : [FOLDERS[name], ...rest].join('/');
  const found = [path, `${path}/index`].find((candidate) => existsSync(join(from, `${candidate}.d.ts`)));
  if (found === undefined) throw new Error(`${importer}: no declarations of ${specifier} (${relative('.', from)})`);
  return found;
}
