/**
 * One script out of an app, the firmware, the Espruino backend and the config. The first step of the build;
 * its output is still modern JavaScript.
 *
 * esbuild also is what knows which files an app consists of, so the check of the subset asks here too. Types
 * are not checked.
 */
import { basename, join, relative, resolve } from 'node:path';
import { type BuildFailure, type BuildOptions, build, type Message, type Plugin } from 'esbuild';
import { KIT_FOLDER, moduleForApps } from 'host/kit';
import type { DeviceConfig } from '../config.ts';
import { FindingsError } from './findings-error.ts';
import { leaveOutHalParts, usedParts } from './hal-parts.ts';
import { leaveOut } from './left-out.ts';
import { importProblem } from './subset/imports.ts';
import type { Finding } from './subset/subset.ts';

const START = '<start>';

/** How every program for the engine is bundled. */
export const FOR_THE_ENGINE = {
  bundle: true,
  // Leaves `require` of the engine's own modules as it is; a function around all of it keeps the engine's
  // globals apart.
  format: 'cjs',
  banner: { js: '(function () {' },
  footer: { js: '})();' },
  platform: 'node',
  external: ['net', 'crypto', 'Storage', 'Wifi'],
  // What is newer is taken out here; the older forms that Espruino lacks are Babel's.
  target: 'es2021',
  charset: 'ascii',
  logLevel: 'silent',
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } },
} satisfies BuildOptions;

export interface Bundle {
  code: string;
  /** Without those of which only types are used. */
  sources: Source[];
}

export interface Source {
  /** Absolute path. */
  path: string;
  /** What it contributes to `code`. */
  bytes: number;
}

/**
 * @param app absolute path of a module that exports `app(hal, config)`
 * @param config what the app is started with, strings with one character per byte
 * @param files what its Storage need not hold: the source of an object, binary strings by name
 * @throws FindingsError when a source does not parse or an import leads nowhere
 */
export async function bundleApp(app: string, config: DeviceConfig, files: string): Promise<Bundle & { halParts: string[] }> {
  const { sources } = await bundle({ entryPoints: [app] });
  // What the app leaves lying of a module that it imports is not in the program.
  const halParts = usedParts(sources.filter(({ bytes }) => bytes > 0).map(({ path }) => path));
  const contents = startScript(app, config, files);
  const stdin = { contents, resolveDir: KIT_FOLDER, sourcefile: START, loader: 'ts' } as const;
  return { ...(await bundle({ stdin, plugins: [leaveOut(config), leaveOutHalParts(halParts)] })), halParts };
}

/** A script that imports what it needs of the kit. */
export async function bundleScript(contents: string): Promise<string> {
  return (await bundle({ stdin: { contents, resolveDir: KIT_FOLDER, sourcefile: START, loader: 'ts' } })).code;
}

/** What `file` consists of, for looking at. */
export async function sourcesOf(file: string): Promise<string[]> {
  return (await bundle({ entryPoints: [file] })).sources.map(({ path }) => path);
}

/** What runs first on the device. */
function startScript(app: string, config: DeviceConfig, files: string): string {
  return `
    import { bootWith } from 'firmware/boot';
    import { createEspruinoHal } from 'hal/espruino/index';
    import { app } from ${JSON.stringify(app)};
    bootWith(createEspruinoHal(${files}), app, ${JSON.stringify(config)});`;
}

/**
 * What no board has is left alone here: the check of the subset names its place, together with all else that
 * it finds.
 */
const WITHOUT_PACKAGES: Plugin = {
  name: 'without-packages',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, importer, kind }) => {
      const isOurs = kind === 'entry-point' || basename(importer) === START;
      return isOurs || importProblem(path) === null ? null : { path, external: true };
    });
  },
};

/** A file imports the kit by the same names wherever it lies. */
const WITH_THE_KIT: Plugin = {
  name: 'with-the-kit',
  setup(build) {
    build.onResolve({ filter: /^(squall-kit|hal|firmware)(\/|$)/ }, ({ path }) => {
      const name = moduleForApps(path);
      return name === null ? null : { path: join(KIT_FOLDER, `${name}.ts`) };
    });
  },
};

async function bundle({ plugins = [], ...input }: Pick<BuildOptions, 'stdin' | 'entryPoints' | 'plugins'>): Promise<Bundle> {
  try {
    const result = await build({
      ...input,
      plugins: [...plugins, WITHOUT_PACKAGES, WITH_THE_KIT],
      absWorkingDir: KIT_FOLDER,
      write: false,
      metafile: true,
      ...FOR_THE_ENGINE,
    });
    const [{ inputs: contributions }] = Object.values(result.metafile.outputs);
    const sources = Object.keys(result.metafile.inputs).filter((file) => file !== START);
    return {
      code: result.outputFiles[0].text,
      sources: sources.map((file) => ({ path: resolve(KIT_FOLDER, file), bytes: contributions[file]?.bytesInOutput ?? 0 })),
    };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new FindingsError(error.errors.map(toFinding));
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function toFinding({ text, location }: Message): Finding {
  if (location === null) return { file: 'bundle', line: 1, column: 1, message: text };
  const file = relative(process.cwd(), resolve(KIT_FOLDER, location.file));
  return { file, line: location.line, column: location.column + 1, message: text };
}
