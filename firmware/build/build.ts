/**
 * From an app's source to one file that Espruino runs as it is: checked, bundled, transformed, minified, with
 * a readable twin.
 */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { KIT_FOLDER } from 'host/kit';
import { type DeviceConfig, parseConfig } from '../config.ts';
import { bundleApp, sourcesOf } from './bundle.ts';
import { embedFiles } from './embedded-files.ts';
import { FindingsError } from './findings-error.ts';
import { minifyForEspruino } from './minify.ts';
import { type NamedSource, shortenable } from './short-names.ts';
import { checkJson, checkSubset, declaredMembers, type Finding } from './subset/subset.ts';
import { toEspruino } from './transform.ts';
import { checkTypes } from './types.ts';

/**
 * The kit's device sources whose names stay: apps are examples of what users write, the config's keys are the
 * user's.
 */
const KEPT_NAMES = /^(firmware\/apps\/|firmware\/config\.ts$)/;
const BACKEND_FOLDER = join(KIT_FOLDER, 'hal', 'espruino');
const ENGINE_TYPES = 'hal/espruino/globals.d.ts';
/** Of a program that has parts of the HAL beyond what each has. */
const PART_TYPES = 'hal/espruino/parts.d.ts';

export interface Program {
  /** ASCII only. */
  code: string;
  /** The same before minification, with its real names. */
  readable: string;
  /** Of `code`, what the files take that it carries. */
  filesBytes: number;
  /** What else it consists of, largest first. */
  parts: Part[];
  /** What is odd and no reason to refuse it. */
  warnings: Finding[];
  /** Why its types were not checked, or ''. */
  skipped: string;
}

/** A source file and what it contributes, before the minifier. */
export interface Part {
  /** As a user would name it. */
  file: string;
  bytes: number;
}

/**
 * @param app absolute path of a module that exports `app(hal, config)`
 * @param configText the device's `config.json`, one character per byte; the program gets it checked,
 *   completed with the defaults, and parsed
 * @param files binary strings by name, of which the program carries the board's certificate and key: the
 *   authority would tell it nothing, since Espruino verifies no server
 * @throws FindingsError when the app does not parse, imports what is not there, uses what Espruino cannot
 *   run, or has wrong types
 */
export async function buildProgram(app: string, configText: string, files: Readonly<Record<string, string>> = {}): Promise<Program> {
  const config = completeConfig(configText);
  const names = [config.ssl.cert, config.ssl.key].filter((name) => Object.hasOwn(files, name));
  const embedded = embedFiles(Object.fromEntries(names.map((name) => [name, files[name]])));
  const [{ code, sources, halParts }, types] = await Promise.all([bundleApp(app, config, embedded.source), checkTypes([app])]);
  const paths = sources.map(({ path }) => path);
  const findings = inOneList(checkSources(paths), types.findings);
  if (findings.some(isError)) throw new FindingsError(findings);
  const readable = await toEspruino(code);
  const given: NamedSource = { text: JSON.stringify([...names, ...Object.keys(config.headers)]), owner: 'outside' };
  const engineTypes = [ENGINE_TYPES, ...(halParts.length > 0 ? [PART_TYPES] : [])].map((file) => join(KIT_FOLDER, file));
  const shortNames = shortenable([...[...paths, ...engineTypes].map(named), given]);
  const parts = sources.map(({ path, bytes }) => ({ file: relative(process.cwd(), path), bytes })).sort((a, b) => b.bytes - a.bytes);
  return {
    code: await minifyForEspruino(readable, shortNames),
    readable,
    filesBytes: embedded.bytes,
    parts,
    warnings: findings,
    skipped: types.skipped,
  };
}

function completeConfig(text: string): DeviceConfig {
  const { config, errors } = parseConfig(JSON.parse(text));
  // Whoever lets a user give a config has checked it and said what is wrong with it.
  if (errors.length > 0) throw new Error(`a program cannot be built on a config with errors: ${errors.join('; ')}`);
  return config;
}

/** What in `files` and all they import Espruino cannot run, without types and warnings. */
export async function checkProgram(files: readonly string[]): Promise<Finding[]> {
  return checkSources(await allSourcesOf(files)).filter(isError);
}

/** All that is to be said about apps and what they import, and why types are not in it, or ''. */
export async function checkApps(files: readonly string[]): Promise<{ findings: Finding[]; skipped: string }> {
  const [sources, types] = await Promise.all([allSourcesOf(files), checkTypes(files)]);
  return { findings: inOneList(checkSources(sources), types.findings), skipped: types.skipped };
}

async function allSourcesOf(files: readonly string[]): Promise<string[]> {
  return [...new Set((await Promise.all(files.map(sourcesOf))).flat())];
}

function checkSources(paths: readonly string[]): Finding[] {
  const sources = paths.map((path) => ({ path, text: readFileSync(path, 'utf8'), file: relative(process.cwd(), path) }));
  const code = sources.filter(({ path }) => !path.endsWith('.json'));
  const declared = new Set(code.flatMap(({ text }) => declaredMembers(text)));
  return sources.flatMap(({ path, text, file }) => {
    if (path.endsWith('.json')) return checkJson(text, file);
    return checkSubset(text, file, { isBackend: path.startsWith(BACKEND_FOLDER + sep), declared });
  });
}

export function isError({ severity = 'error' }: Finding): boolean {
  return severity === 'error';
}

/** Where the language has something to say on a line, the compiler's words are about the same, and fewer. */
function inOneList(language: readonly Finding[], types: readonly Finding[]): Finding[] {
  const said = new Set(language.filter(isError).map(({ file, line }) => `${file}:${line}`));
  const all = [...language, ...types.filter(({ file, line }) => !said.has(`${file}:${line}`))];
  const files = [...new Set(all.map(({ file }) => file))];
  return all.sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column);
}

function named(path: string): NamedSource {
  const inKit = path.startsWith(KIT_FOLDER + sep) ? relative(KIT_FOLDER, path).replaceAll(sep, '/') : '';
  const outside = inKit === '' || inKit === ENGINE_TYPES || inKit === PART_TYPES || KEPT_NAMES.test(inKit);
  const text = readFileSync(path, 'utf8');
  return { text: path.endsWith('.json') ? `(${text})` : text, owner: outside ? 'outside' : 'kit' };
}
