/** From an app's source to one file that Espruino runs as it is: checked, bundled, transformed, minified, with a readable twin. */
import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type DeviceConfig, parseConfig } from '../config.ts';
import { bundleApp, sourcesOf } from './bundle.ts';
import { embedFiles } from './embedded-files.ts';
import { FindingsError } from './findings-error.ts';
import { minifyForEspruino } from './minify.ts';
import { type NamedSource, shortenable } from './short-names.ts';
import { checkSubset, type Finding } from './subset.ts';
import { toEspruino } from './transform.ts';

const KIT_FOLDER = resolve(__dirname, '..', '..');
/** The kit's device sources whose names stay: apps are examples of what users write, the config's keys are the user's. */
const KEPT_NAMES = /^(firmware\/apps\/|firmware\/config\.ts$)/;
const ENGINE_TYPES = 'hal/espruino/globals.d.ts';

export interface Program {
  /** ASCII only. */
  code: string;
  /** The same before minification, with its real names. */
  readable: string;
  /** Of `code`, what the files take that it carries. */
  filesBytes: number;
  /** What else it consists of, largest first. */
  parts: Part[];
}

/** A source file and what it contributes, before the minifier. */
export interface Part {
  /** As a user would name it. */
  file: string;
  bytes: number;
}

/**
 * @param app absolute path of a module that exports `app(hal, config)`
 * @param configText the device's `config.json`, one character per byte; the program gets it checked, completed with the defaults, and parsed
 * @param files binary strings by name, of which the program carries the board's certificate and key: the authority would tell it nothing, since Espruino
 *   verifies no server
 * @throws FindingsError when the app does not parse, imports what is not there, or uses what Espruino cannot run
 */
export async function buildProgram(app: string, configText: string, files: Readonly<Record<string, string>> = {}): Promise<Program> {
  const config = completeConfig(configText);
  const names = [config.ssl.cert, config.ssl.key].filter((name) => Object.hasOwn(files, name));
  const embedded = embedFiles(Object.fromEntries(names.map((name) => [name, files[name]])));
  const { code, sources } = await bundleApp(app, config, embedded.source);
  const paths = sources.map(({ path }) => path);
  const findings = paths.flatMap(checkFile);
  if (findings.length > 0) throw new FindingsError(findings);
  const readable = await toEspruino(code);
  const given: NamedSource = { text: JSON.stringify([...names, ...Object.keys(config.headers)]), owner: 'outside' };
  const shortNames = shortenable([...[...paths, join(KIT_FOLDER, ENGINE_TYPES)].map(named), given]);
  const parts = sources.map(({ path, bytes }) => ({ file: relative(process.cwd(), path), bytes })).sort((a, b) => b.bytes - a.bytes);
  return { code: await minifyForEspruino(readable, shortNames), readable, filesBytes: embedded.bytes, parts };
}

function completeConfig(text: string): DeviceConfig {
  const { config, errors } = parseConfig(JSON.parse(text));
  // Whoever lets a user give a config has checked it and said what is wrong with it.
  if (errors.length > 0) throw new Error(`a program cannot be built on a config with errors: ${errors.join('; ')}`);
  return config;
}

/** What in `files` and all they import Espruino cannot run. */
export async function checkProgram(files: readonly string[]): Promise<Finding[]> {
  const sources = new Set<string>();
  for (const file of files) for (const source of await sourcesOf(file)) sources.add(source);
  return [...sources].flatMap(checkFile);
}

function checkFile(path: string): Finding[] {
  return checkSubset(readFileSync(path, 'utf8'), relative(process.cwd(), path));
}

function named(path: string): NamedSource {
  const inKit = path.startsWith(KIT_FOLDER + sep) ? relative(KIT_FOLDER, path).replaceAll(sep, '/') : '';
  const outside = inKit === '' || inKit === ENGINE_TYPES || KEPT_NAMES.test(inKit);
  return { text: readFileSync(path, 'utf8'), owner: outside ? 'outside' : 'kit' };
}
