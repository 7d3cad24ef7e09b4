/**
 * Checks the types of an app with TypeScript's own compiler, by the user's `tsconfig.json` (the nearest to
 * the app) or plain strictness, but against the library that the board has (library/): so a method that is
 * missing there is found on whatever it is called, and `hal` is all that an app may ask.
 *
 * Of the user's configuration the choices about types hold; how modules are found is the build's, and what is
 * unused is no matter of a board.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parse } from '@babel/parser';
import traverseModule from '@babel/traverse';
import { KIT_FOLDER } from 'host/kit';
import { MISSING_METHODS, MISSING_STATICS, OFF_BOARD } from './subset/missing.ts';
import type { Finding } from './subset/subset.ts';

// A CommonJS module: its function may arrive as the default of the default.
const traverse = ('default' in traverseModule ? traverseModule.default : traverseModule) as typeof traverseModule;

const LIBRARY = ['language', 'arrays'].map((part) => join(KIT_FOLDER, 'firmware', 'build', 'library', `${part}.d.ts`));
/** The compiler needs a second or less. */
const TIMEOUT_MS = 60_000;
const OUTPUT_MAX_BYTES = 4 * 1024 * 1024;

const NOT_AN_ARRAY = / is not an array type\.?$| can only be iterated through when/;

/** For an app with no tsconfig.json above it. */
const PLAIN = { strict: true, noImplicitAny: false };

/** null takes away what the user's configuration says. */
const FIXED = {
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true,
  noEmit: true,
  ...Object.fromEntries(['composite', 'incremental', 'declaration', 'declarationMap', 'isolatedDeclarations'].map((name) => [name, false])),
  ...Object.fromEntries(
    ['lib', 'rootDir', 'rootDirs', 'baseUrl', 'outDir', 'outFile', 'tsBuildInfoFile', 'plugins'].map((name) => [name, null]),
  ),
  noLib: true,
  types: [],
  skipLibCheck: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  paths: {
    'squall-kit/firmware': [inKit('firmware/api.ts')],
    'squall-kit/hal': [inKit('hal/index.ts')],
    'firmware/*': ['firmware/*.ts', 'firmware/*/index.ts'].map(inKit),
    hal: [inKit('hal/index.ts')],
    'hal/*': [inKit('hal/*.ts')],
  },
};

function inKit(path: string): string {
  return `${KIT_FOLDER.replaceAll(sep, '/')}/${path}`;
}

export interface TypeCheck {
  findings: Finding[];
  /** Why nothing was checked, or ''. */
  skipped: string;
}

/** @param files absolute paths of apps; what they import is looked at with them, but for the kit's own */
export async function checkTypes(files: readonly string[], compiler: string | null = findCompiler(files[0])): Promise<TypeCheck> {
  if (compiler === null)
    return { findings: [], skipped: 'types are not checked, because TypeScript is not installed: npm i -D typescript' };
  const configs = [...new Set(files.map(nearestConfig))];
  const groups = configs.map((config) =>
    compile(
      compiler,
      config,
      files.filter((file) => nearestConfig(file) === config),
    ),
  );
  const results = await Promise.all(groups);
  return { findings: results.flatMap(({ findings }) => findings), skipped: results.find(({ skipped }) => skipped !== '')?.skipped ?? '' };
}

/** The app's own, or what is installed beside the kit. */
function findCompiler(app: string): string | null {
  for (const from of [app, __filename]) {
    try {
      return join(dirname(createRequire(from).resolve('typescript/package.json')), 'bin', 'tsc');
    } catch {
      // Not there.
    }
  }
  return null;
}

function nearestConfig(file: string): string | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const config = join(folder, 'tsconfig.json');
    if (existsSync(config)) return config;
    if (folder === dirname(folder)) return null;
  }
}

async function compile(compiler: string, config: string | null, files: readonly string[]): Promise<TypeCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'squall-types-'));
  try {
    const project = join(folder, 'tsconfig.json');
    const base = config === null ? { compilerOptions: { ...PLAIN, ...FIXED } } : { extends: config, compilerOptions: FIXED };
    writeFileSync(project, JSON.stringify({ ...base, files: [...LIBRARY, ...files], include: [], references: [] }));
    const { output, problem } = await run([compiler, '-p', project, '--pretty', 'false']);
    if (problem !== '') return { findings: [], skipped: `types are not checked, because TypeScript does not run: ${problem}` };
    const findings = output.split('\n').flatMap((line) => toFinding(line, config ?? files[0]));
    return { findings: findings.filter(({ file }) => isUsers(file, files)), skipped: '' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What the compiler says. It ends with a failure when it has found errors, which is its result; without any,
 * it is one.
 */
function run(words: readonly string[]): Promise<{ output: string; problem: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, words, { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_MAX_BYTES }, (error, output, errors) => {
      const isResult = error === null || (typeof error.code === 'number' && / error TS|^error TS/m.test(output));
      const words = /^\w*Error: .*$/m.exec(errors)?.[0] ?? error?.message ?? '';
      resolve({ output, problem: isResult ? '' : words });
    });
  });
}

function toFinding(line: string, config: string): Finding[] {
  const [, file, row, column, code, text] = /^(?:(.+)\((\d+),(\d+)\): )?error TS(\d+): (.*)$/.exec(line) ?? [];
  if (code === undefined) return [];
  // Without a place it is about the configuration.
  const place =
    file === undefined
      ? { file: relative(process.cwd(), config), line: 1, column: 1 }
      : { file, line: Number(row), column: Number(column) };
  const finding = { ...place, message: inOurWords(text) };
  return NOT_AN_ARRAY.test(text) && !isArraySpread(finding) ? [] : [finding];
}

/** The kit's own sources hold under the kit's configuration, and not under everybody's. */
function isUsers(file: string, files: readonly string[]): boolean {
  const path = resolve(file);
  const isKits =
    ['firmware', 'hal'].some((part) => path.startsWith(join(KIT_FOLDER, part) + sep)) &&
    !path.startsWith(join(KIT_FOLDER, 'firmware', 'apps'));
  return !isKits || files.includes(path);
}

/** The compiler's advice is to take another library. */
function inOurWords(text: string): string {
  const message = text.replace(/ (Do you need to|Try `npm).*$/, '').replace(/\.$/, '');
  const [, property, type] = /^Property '(\w+)' does not exist on type '(.+?)'(\.|$)/.exec(message) ?? [];
  const instead = property === undefined ? undefined : replacementOf(property, type);
  if (instead !== undefined) return `.${property} of ${type} does not exist: ${instead}`;
  const [, name] = /^Cannot find name '(\w+)'/.exec(message) ?? /^'(\w+)' only refers to a type/.exec(message) ?? [];
  if (name !== undefined && Object.hasOwn(OFF_BOARD, name)) return `${name} is not for an app: ${OFF_BOARD[name]}`;
  return NOT_AN_ARRAY.test(message) ? 'only an array can be spread into an array: write a loop' : message;
}

/** Of what the language itself has elsewhere. */
function replacementOf(property: string, type: string): string | undefined {
  const statics = MISSING_STATICS[/<(\w+)>$/.exec(type)?.[1] ?? type.replace(/Constructor$/, '')];
  if (statics !== undefined && Object.hasOwn(statics, property)) return statics[property];
  const isBuiltIn = /\[\]$|^["\d]|^(string|number|boolean|Date|RegExp|Error|ArrayBuffer|DataView)$|^\w*Array(<.*>)?$|^Promise</.test(type);
  return isBuiltIn && Object.hasOwn(MISSING_METHODS, property) ? MISSING_METHODS[property] : undefined;
}

/**
 * Where an array is made by spreading. Elsewhere (calls, loops, patterns) the board takes texts and typed
 * arrays as well, which the compiler does not.
 */
function isArraySpread({ file, line, column }: Finding): boolean {
  let found = false;
  traverse(parse(readFileSync(file, 'utf8'), { sourceType: 'module', plugins: ['typescript'] }), {
    noScope: true,
    SpreadElement({ node, parent }) {
      const { start } = node.argument.loc ?? {};
      found ||= parent.type === 'ArrayExpression' && start?.line === line && start.column + 1 === column;
    },
  });
  return found;
}
