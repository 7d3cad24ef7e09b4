/** From an app's source to one file that Espruino runs as it is: checked, bundled, transformed, minified, with a readable twin. */
import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { bundleApp, sourcesOf } from './bundle.ts';
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
}

/**
 * @param app absolute path of a module that exports `app(hal, config)`
 * @param configText the built-in `config.json`, one character per byte; a file of that name in the device's Storage goes before it
 * @throws FindingsError when the app does not parse, imports what is not there, or uses what Espruino cannot run
 */
export async function buildProgram(app: string, configText: string): Promise<Program> {
  const { code, sources } = await bundleApp(app, configText);
  const findings = sources.flatMap(checkFile);
  if (findings.length > 0) throw new FindingsError(findings);
  const readable = await toEspruino(code);
  return { code: await minifyForEspruino(readable, shortenable(sources.concat(join(KIT_FOLDER, ENGINE_TYPES)).map(named))), readable };
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
