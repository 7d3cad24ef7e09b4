/**
 * Finds and loads an app: any file that exports `app(hal, config)`.
 *
 * A path is looked up from the working directory, then from the kit's own folder, so that the default works
 * wherever the command is typed. A file outside the kit may import the kit's packages (`firmware/channel`) by
 * the same names as a file inside.
 */
import { existsSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { delimiter, join, resolve, sep } from 'node:path';
import { didYouMeanFile } from 'host/nearest-file';
import { UsageError } from 'host/user-error';
import type { FirmwareApp } from '../boot.ts';

type LoadModule = (path: string) => unknown;

export const KIT_FOLDER = resolve(__dirname, '..', '..');

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
  if (!path.startsWith(KIT_FOLDER + sep)) lendPackages();
  const module = requireModule(file, path, load);
  if (!('app' in module)) throw new UsageError(`${file}: it has no export called app; ${EXPECTED}`);
  if (typeof module.app !== 'function') throw new UsageError(`${file}: app is not a function; ${EXPECTED}`);
  return module.app as FirmwareApp;
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

let packagesLent = false;

/** Puts the kit's packages where modules are looked for last. */
function lendPackages(): void {
  if (packagesLent) return;
  packagesLent = true;
  process.env.NODE_PATH = [join(KIT_FOLDER, 'node_modules'), process.env.NODE_PATH].filter(Boolean).join(delimiter);
  // Node reads NODE_PATH once, at its start; this is how it reads it.
  (Module as unknown as { _initPaths(): void })._initPaths();
}
