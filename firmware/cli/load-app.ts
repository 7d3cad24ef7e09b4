/**
 * Finds and loads an app: any file that exports `app(hal, config)`.
 *
 * A path is looked up from the working directory, then from the kit's own folder, so that the default works
 * wherever the command is typed. It imports the kit by the same names wherever it lies: `squall-kit/firmware`
 * and `squall-kit/hal`, or a module of theirs (`firmware/channel`).
 */
import { existsSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { IS_COMPILED, KIT_FOLDER, kitModule, moduleForApps } from 'host/kit';
import { didYouMeanFile } from 'host/nearest-file';
import { UsageError } from 'host/user-error';
import type { FirmwareApp } from '../boot.ts';

type LoadModule = (path: string) => unknown;

/** Where apps are that are named without their folder. */
const APP_FOLDERS = ['firmware/apps'];

const EXPECTED = 'expected a module that exports a function app(hal, config)';

/** The absolute path; a UsageError says what is wrong with it. */
export function findApp(file: string): string {
  const path = [resolve(file), join(KIT_FOLDER, file)].find((candidate) => existsSync(candidate));
  if (path === undefined) throw new UsageError(`no such file: ${JSON.stringify(file)}${didYouMeanFile(file, APP_FOLDERS)}; ${EXPECTED}`);
  if (!statSync(path).isFile()) throw new UsageError(`not a file: ${JSON.stringify(file)}; ${EXPECTED}`);
  return path;
}

/** @param load gives what the module at an absolute path exports */
export function loadApp(file: string, load: LoadModule = createRequire(__filename)): FirmwareApp {
  const path = findApp(file);
  const kitApp = compiledApp(path);
  if (kitApp === null) lendKit();
  const module = requireModule(file, kitApp ?? path, load);
  if (!('app' in module)) throw new UsageError(`${file}: it has no export called app; ${EXPECTED}`);
  if (typeof module.app !== 'function') throw new UsageError(`${file}: app is not a function; ${EXPECTED}`);
  return module.app as FirmwareApp;
}

/** Of code that is in no file: a module of CommonJS. @param name for messages */
export function appOfCode(name: string, code: string): FirmwareApp {
  lendKit();
  const compiled = new Module(join(KIT_FOLDER, name)) as Module & { _compile(code: string, file: string): void };
  compiled.paths = [join(KIT_FOLDER, 'node_modules')];
  compiled._compile(code, compiled.id);
  const { app } = Object(compiled.exports) as { app?: unknown };
  if (typeof app !== 'function') throw new UsageError(`${name}: ${EXPECTED}`);
  return app as FirmwareApp;
}

/**
 * As CommonJS, which is what tsx makes of every kind of module: the kit's own are loaded so, and there must
 * be one instance of each.
 */
function requireModule(file: string, path: string, load: LoadModule): object {
  try {
    return Object(load(path)) as object;
  } catch (error) {
    // Whatever the module throws is the user's; the first lines of a compiler's message hold the place.
    const [first, second] = String(error instanceof Error ? error.message : error).split('\n');
    const words = /failed with \d+ error/.test(first) && second !== undefined ? second : first;
    throw new UsageError(`${file}: cannot be loaded: ${words.trim()}`);
  }
}

/** One of the kit's own, which is compiled with it; null: another one, or any in a clone. */
function compiledApp(path: string): string | null {
  const name = relative(KIT_FOLDER, path).replaceAll(sep, '/').replace(/\.ts$/, '');
  return IS_COMPILED && /^firmware\/apps\/\w+$/.test(name) ? kitModule(name) : null;
}

type Resolve = (this: unknown, specifier: string, ...more: unknown[]) => string;

let isKitLent = false;

/**
 * Lets every module find the kit by the names that apps use: those of the package always, the others where
 * nothing else is called so. Where tsx does not run the process, this also is when Node learns TypeScript.
 */
function lendKit(): void {
  if (isKitLent) return;
  isKitLent = true;
  const internals = Module as unknown as { _resolveFilename: Resolve; _extensions: object };
  // Its own way with types, where Node has one, keeps no source maps.
  if (IS_COMPILED || !('.ts' in internals._extensions)) createRequire(__filename)('tsx/cjs');
  const resolveFilename = internals._resolveFilename;
  internals._resolveFilename = function (specifier, ...more) {
    const name = moduleForApps(specifier);
    if (name === null) return resolveFilename.call(this, specifier, ...more);
    if (specifier.startsWith('squall-kit/')) return kitModule(name);
    try {
      return resolveFilename.call(this, specifier, ...more);
    } catch {
      return join(KIT_FOLDER, `${name}.ts`);
    }
  };
}
