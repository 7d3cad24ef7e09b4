/**
 * An app's own modules: its file, and all that it imports but for the kit's sources for boards. They are
 * loaded apart from the kit's, with guards in place of what no board has (outside-hal.ts), and their source
 * maps are kept, so that what they throw is told by file and line.
 *
 * The kit may use the same library: each has an instance of its own. One copy serves all boards, as it always
 * did.
 */
import Module, { createRequire, isBuiltin, SourceMap } from 'node:module';
import { dirname, extname, relative, sep } from 'node:path';
import { Script } from 'node:vm';
import { KIT_FOLDER } from 'host/kit';
import type { Frame } from '../workers/beats.ts';
import { guards, refuse } from './outside-hal.ts';
import { framesOf } from './stack.ts';

interface Source {
  code: string;
  /** Made when it is needed. */
  map: SourceMap | null;
}

/** What Node has and its types do not tell. */
interface Internals {
  prototype: { _compile(this: NodeModule, code: string, file: string, ...more: unknown[]): unknown };
  _resolveFilename(id: string, parent: NodeModule): string;
  _cache: Record<string, NodeModule | undefined>;
}

/** In a source file, counted from 1. */
type Place = Frame;

/** Gets each own module before it runs. */
export type OnModule = (file: string, code: string) => void;

const internals = Module as unknown as Internals;
const KIT_SOURCE = /^(hal|firmware|relay|sim)\//;
/** Those of them that boards run: they keep to the HAL by tests of their own. */
const FOR_BOARDS = /^(hal\/[^/]+|firmware\/(?!build\/|cli\/|conformance\/|engine\/|testing\/|index\.ts).+)$/;
const MAP = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

const modules = new Map<string, NodeModule>();
/** Of all that was begun, also of what could not be loaded. */
const sources = new Map<string, Source>();
/** Files that are about to be own modules. */
const wanted = new Set<string>();
let onModule: OnModule = () => {};
let isHooked = false;

/**
 * Loads a file as an own module, or gives what it exported before. @param onLoad of this and all that are
 * loaded from now on
 */
export function requireOwn(file: string, onLoad: OnModule): unknown {
  onModule = onLoad;
  hook();
  return load(file, createRequire(__filename));
}

/** The innermost place in an own module that `error` was thrown through; null: there is none. */
export function placeIn(error: unknown): Place | null {
  for (const frame of framesOf(error)) {
    const place = originalPlace(frame);
    if (place !== null) return place;
  }
  return null;
}

/** In the source that the code was made from; null: not in an own module. */
export function originalPlace({ file, line, column }: Frame): Place | null {
  const source = sources.get(file);
  if (source === undefined) return null;
  source.map ??= sourceMapOf(source.code);
  if (source.map === null) return { file, line, column };
  const entry = source.map.findEntry(line - 1, column - 1);
  return 'originalLine' in entry ? { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 } : { file, line, column };
}

/** `file:line:column`, as it is shown to whoever works in this folder. */
export function callerInOwn(): string {
  const place = placeIn(new Error());
  return place === null ? 'the app' : shownPlace(place);
}

export function shownPlace({ file, line, column }: Place): string {
  return `${relative(process.cwd(), file)}:${line}:${column}`;
}

const GUARDS = guards(callerInOwn);
/**
 * In a function around the module's own: a module may declare what is guarded. On its first line, so that the
 * others keep their numbers.
 */
const HEAD = `(function (${Object.keys(GUARDS).join(', ')}) { return function (exports, require, module, __filename, __dirname) { `;

function hook(): void {
  if (isHooked) return;
  isHooked = true;
  const compile = internals.prototype._compile;
  internals.prototype._compile = function (code, file, ...more) {
    return wanted.delete(file) ? compileOwn(this, code, file) : compile.call(this, code, file, ...more);
  };
}

function compileOwn(module: NodeModule, code: string, file: string): void {
  modules.set(file, module);
  sources.set(file, { code, map: null });
  onModule(file, code);
  const script = new Script(`${HEAD}${code}\n}})`, { filename: file, columnOffset: -HEAD.length });
  const run = script.runInThisContext()(...Object.values(GUARDS)) as (...given: unknown[]) => void;
  const requireFrom = (id: string) => requireGuarded(id, module);
  run.call(module.exports, module.exports, requireFrom, module, file, dirname(file));
}

function requireGuarded(id: string, parent: NodeModule): unknown {
  const refused = (instead: string) => refuse(`import of ${JSON.stringify(id)}`, instead, callerInOwn);
  if (isBuiltin(id)) return refused('no board has modules of Node');
  const file = resolveFrom(id, parent);
  if (file === null) return refused(NO_PACKAGE);
  if (isBuiltin(file) || extname(file) === '.node') return refused('no board has modules of Node');
  const kitFile = relative(KIT_FOLDER, file)
    .replaceAll(sep, '/')
    .replace(/^dist\//, '');
  if (modules.has(file) || !KIT_SOURCE.test(kitFile)) return load(file, () => parent.require(id));
  return FOR_BOARDS.test(kitFile) ? parent.require(id) : refused('of the kit, boards run firmware/channel and what is under it');
}

const NO_PACKAGE = 'no board has packages, and this one is not installed: write what you need of it into a file of your own';

/** null: a package that is not there. */
function resolveFrom(id: string, parent: NodeModule): string | null {
  try {
    return internals._resolveFilename(id, parent);
  } catch (error) {
    if (/^[./]/.test(id) || (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return null;
  }
}

/** Through Node's cache, which is the kit's and is left as it was. */
function load(file: string, require: (file: string) => unknown): unknown {
  const known = modules.get(file);
  if (known !== undefined) return known.exports;
  wanted.add(file);
  const cached = internals._cache[file];
  delete internals._cache[file];
  const mapped = process as unknown as { sourceMapsEnabled?: boolean };
  const before = mapped.sourceMapsEnabled === true;
  process.setSourceMapsEnabled(true); // the loader of TypeScript gives maps only then
  try {
    return require(file);
  } catch (error) {
    modules.delete(file);
    throw error;
  } finally {
    wanted.delete(file);
    process.setSourceMapsEnabled(before);
    if (cached === undefined) delete internals._cache[file];
    else internals._cache[file] = cached;
  }
}

function sourceMapOf(code: string): SourceMap | null {
  const [, encoded] = MAP.exec(code.slice(code.lastIndexOf('\n') + 1)) ?? [];
  return encoded === undefined ? null : new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
}
