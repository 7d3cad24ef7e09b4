/**
 * An app's own modules: its file, and all that it imports but for the kit's sources for boards. Their code is
 * compiled once, and run as often as there are boards and boots (module-copy.ts), with guards in place of
 * what no board has (outside-hal.ts). Their source maps are kept, so that what they throw is told by file and
 * line.
 *
 * The kit may use the same library: each has instances of its own. The kit's sources for boards are one
 * instance for all, since nothing in them changes once it is loaded (a test holds them to it).
 */
import Module, { createRequire, isBuiltin, SourceMap } from 'node:module';
import { extname, relative, sep } from 'node:path';
import { Script } from 'node:vm';
import { KIT_FOLDER } from 'host/kit';
import type { Frame } from '../workers/beats.ts';
import { BOARD_GLOBALS } from './board-globals.ts';
import { globalObject, guards, refuse } from './outside-hal.ts';
import { framesOf } from './stack.ts';
import { type Counted, countTurns, TURNS, turns } from './turns.ts';

interface Source {
  code: string;
  /** What of it runs. */
  counted: Counted;
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

/** Gets each own module when its code is there. */
export type OnModule = (file: string, code: string) => void;

/** What code in CommonJS is given; `this` is what it exports. */
type Body = (this: unknown, exports: unknown, require: (id: string) => unknown, module: object, file: string, folder: string) => void;

/** An own module as code. */
export interface OwnModule {
  readonly file: string;
  /** Its code among these meanings of `GLOBALS`, in their order. */
  bind(meanings: readonly unknown[]): Body;
  /** What it means by `id`: another own module, or what a module of the kit exports. */
  resolve(id: string): { readonly own: OwnModule } | { readonly kit: unknown };
}

const nodeProcess = process as unknown as { sourceMapsEnabled?: boolean };
const internals = Module as unknown as Internals;
const KIT_SOURCE = /^(hal|firmware|relay|sim)\//;
/** Those of them that boards run: they keep to the HAL by tests of their own. */
const FOR_BOARDS = /^(hal\/[^/]+|firmware\/(?!build\/|cli\/|conformance\/|engine\/|testing\/|index\.ts).+)$/;
const MAP = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

const modules = new Map<string, OwnModule>();
/** Of all that was begun, also of what could not be loaded. */
const sources = new Map<string, Source>();
/** The file that is about to be an own module, and what becomes of it. */
let wanted: { readonly file: string; module: OwnModule | null } | null = null;
let onModule: OnModule = () => {};
let isHooked = false;

/** The code of a file. @param onLoad of this and all that are found from now on */
export function ownModule(file: string, onLoad: OnModule): OwnModule {
  onModule = onLoad;
  hook();
  return find(file, createRequire(__filename));
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
  const before = source.counted.columnBefore(line, column);
  const entry = source.map?.findEntry(line - 1, before - 1);
  return entry !== undefined && 'originalLine' in entry
    ? { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
    : { file, line, column: before };
}

/** `file:line:column`, as it is shown to whoever works in this folder. */
export function callerInOwn(): string {
  const place = placeIn(new Error());
  return place === null ? 'the app' : shownPlace(place);
}

export function shownPlace({ file, line, column }: Place): string {
  return `${relative(process.cwd(), file)}:${line}:${column}`;
}

const GUARDS: Record<string, unknown> = { ...guards(callerInOwn), [TURNS]: turns };
/**
 * The names that mean something else in own modules than on the computer: what each board has for itself,
 * then the guards.
 */
export const GLOBALS: readonly string[] = [...BOARD_GLOBALS, 'globalThis', 'global', ...Object.keys(GUARDS)];

/** What they mean on one board. @param board what it has for itself, without its global object */
export function meaningsOn(board: Readonly<Record<string, unknown>>): unknown[] {
  const meanings: Record<string, unknown> = { ...board, ...GUARDS };
  meanings.globalThis = meanings.global = globalObject(meanings);
  return GLOBALS.map((name) => meanings[name]);
}

/**
 * In a function around the module's own: a module may declare what is guarded. On its first line, so that the
 * others keep their numbers. Strict, or a name that nobody declared would belong to all boards; packages may
 * be older than that.
 */
const headOf = (file: string): string =>
  `(function (${GLOBALS.join(', ')}) { return function (exports, require, module, __filename, __dirname) { ` +
  (file.includes(`${sep}node_modules${sep}`) ? '' : "'use strict'; ");

function hook(): void {
  if (isHooked) return;
  isHooked = true;
  const compile = internals.prototype._compile;
  internals.prototype._compile = function (code, file, ...more) {
    if (wanted === null || file !== wanted.file || wanted.module !== null) return compile.call(this, code, file, ...more);
    wanted.module = compileOwn(this, code, file);
    return undefined;
  };
}

function compileOwn(parent: NodeModule, code: string, file: string): OwnModule {
  const counted = countTurns(code);
  sources.set(file, { code, counted, map: null });
  onModule(file, code);
  const head = headOf(file);
  const script = new Script(`${head}${counted.code}\n}})`, { filename: file, columnOffset: -head.length });
  const bind = script.runInThisContext() as (...meanings: unknown[]) => Body;
  const resolved = new Map<string, ReturnType<OwnModule['resolve']>>();
  return {
    file,
    bind: (meanings) => bind(...meanings),
    resolve(id) {
      const known = resolved.get(id) ?? resolve(id, parent);
      resolved.set(id, known);
      return known;
    },
  };
}

/** What is no code: JSON, of which each board has its own. */
function data(file: string, value: unknown): OwnModule {
  const copy = extname(file) === '.json' ? () => structuredClone(value) : () => value;
  return {
    file,
    bind: () => (_exports, _require, module) => void Object.assign(module, { exports: copy() }),
    resolve: () => ({ kit: null }),
  };
}

/** All boards have the same one: what a module of the kit exports is there to be read. */
function frozen<T>(exported: T): T {
  for (const value of Object.values(exported as object)) freeze(value);
  return exported;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

function resolve(id: string, parent: NodeModule): ReturnType<OwnModule['resolve']> {
  const refused = (instead: string) => refuse(`import of ${JSON.stringify(id)}`, instead, callerInOwn);
  if (isBuiltin(id)) return refused('no board has modules of Node');
  const file = fileOf(id, parent);
  if (file === null) return refused(NO_PACKAGE);
  if (isBuiltin(file) || extname(file) === '.node') return refused('no board has modules of Node');
  const kitFile = relative(KIT_FOLDER, file)
    .replaceAll(sep, '/')
    .replace(/^dist\//, '');
  if (modules.has(file) || !KIT_SOURCE.test(kitFile)) return { own: find(file, () => parent.require(id)) };
  return FOR_BOARDS.test(kitFile)
    ? { kit: frozen(parent.require(id)) }
    : refused('of the kit, boards run firmware/channel and what is under it');
}

const NO_PACKAGE = 'no board has packages, and this one is not installed: write what you need of it into a file of your own';

/** null: a package that is not there. */
function fileOf(id: string, parent: NodeModule): string | null {
  try {
    return internals._resolveFilename(id, parent);
  } catch (error) {
    if (/^[./]/.test(id) || (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return null;
  }
}

/** By Node's loader, whose cache is the kit's and is left as it was. */
function find(file: string, require: (file: string) => unknown): OwnModule {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const before = { wanted, cached: internals._cache[file], maps: nodeProcess.sourceMapsEnabled === true };
  const search: typeof wanted = { file, module: null };
  wanted = search;
  delete internals._cache[file];
  process.setSourceMapsEnabled(true); // the loader of TypeScript gives maps only then
  try {
    const exported = require(file);
    const found = search.module ?? data(file, exported);
    modules.set(file, found);
    return found;
  } finally {
    wanted = before.wanted;
    process.setSourceMapsEnabled(before.maps);
    if (before.cached === undefined) delete internals._cache[file];
    else internals._cache[file] = before.cached;
  }
}

function sourceMapOf(code: string): SourceMap | null {
  const [, encoded] = MAP.exec(code.slice(code.lastIndexOf('\n') + 1)) ?? [];
  return encoded === undefined ? null : new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
}
