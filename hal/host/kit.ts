/**
 * Where the kit lies. In a clone its TypeScript runs as it is; in the package `dist/` has it compiled, and
 * whatever else it reads lies where it does in a clone.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

const NAME = 'squall-kit';

interface Kit {
  folder: string;
  version: string;
}

const KIT = kitAbove(__dirname);
/** Absolute path. */
export const KIT_FOLDER = KIT.folder;
export const KIT_VERSION = KIT.version;
/** Node runs what is in `dist/`, and knows no TypeScript. */
export const IS_COMPILED = extname(__filename) === '.js';

/**
 * The file to load, by its absolute path. @param name of a module from the kit's folder, without extension
 */
export function kitModule(name: string): string {
  return IS_COMPILED ? join(KIT_FOLDER, 'dist', `${name}.js`) : join(KIT_FOLDER, `${name}.ts`);
}

/** What apps import, by the names that hold in every repository. */
const FOR_APPS: Readonly<Record<string, string>> = {
  'squall-kit/firmware': 'firmware/api',
  'squall-kit/hal': 'hal/index',
  hal: 'hal/index',
};

/** The module of the kit that an app means, without extension; null: it means none. */
export function moduleForApps(specifier: string): string | null {
  if (Object.hasOwn(FOR_APPS, specifier)) return FOR_APPS[specifier];
  if (!/^(hal|firmware)(\/[\w-]+)+$/.test(specifier)) return null;
  return [specifier, `${specifier}/index`].find((name) => existsSync(join(KIT_FOLDER, `${name}.ts`))) ?? null;
}

function kitAbove(start: string): Kit {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string };
      if (name === NAME) return { folder, version };
    }
    if (folder === dirname(folder)) throw new Error(`no package.json of ${NAME} above ${start}`);
  }
}
