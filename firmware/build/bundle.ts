/**
 * One script out of an app, the firmware, the Espruino backend and the config. The first step of the build; its output is still modern JavaScript.
 *
 * esbuild also is what knows which files an app consists of, so the check of the subset asks here too. Types are not checked.
 */
import { join, relative, resolve } from 'node:path';
import { type BuildFailure, type BuildOptions, build, type Message } from 'esbuild';
import { FindingsError } from './findings-error.ts';
import type { Finding } from './subset.ts';

const KIT_FOLDER = resolve(__dirname, '..', '..');

/** Where the kit's own name for a config is found on the device. */
const CONFIG_FILE = 'config.json';

export interface Bundle {
  code: string;
  /** Absolute paths of the sources, types only ones left out. */
  sources: string[];
}

/**
 * @param app absolute path of a module that exports `app(hal, config)`
 * @param configText the built-in `config.json`, one character per byte
 * @throws FindingsError when a source does not parse or an import leads nowhere
 */
export function bundleApp(app: string, configText: string): Promise<Bundle> {
  const contents = startScript(app, configText);
  return bundle({ stdin: { contents, resolveDir: KIT_FOLDER, sourcefile: 'start.ts', loader: 'ts' } });
}

/** What `file` consists of, for looking at. */
export async function sourcesOf(file: string): Promise<string[]> {
  return (await bundle({ entryPoints: [file] })).sources;
}

/** What runs first on the device. A config in its Storage goes before the built-in one. */
function startScript(app: string, configText: string): string {
  return `
    import { boot } from 'firmware/boot';
    import { createEspruinoHal } from 'hal/espruino/index';
    import { verificationProblem } from 'hal/espruino/verification';
    import { app } from ${JSON.stringify(app)};
    boot(createEspruinoHal({ ${JSON.stringify(CONFIG_FILE)}: ${JSON.stringify(configText)} }), (hal, config) => {
      const problem = verificationProblem(config.ssl.cert_reqs);
      if (problem === '') app(hal, config);
      else hal.log.line(problem);
    });`;
}

async function bundle(input: Pick<BuildOptions, 'stdin' | 'entryPoints'>): Promise<Bundle> {
  try {
    const result = await build({
      ...input,
      absWorkingDir: KIT_FOLDER,
      // A file outside of the kit imports the kit's packages by the same names as a file inside.
      nodePaths: [join(KIT_FOLDER, 'node_modules')],
      bundle: true,
      write: false,
      metafile: true,
      format: 'iife',
      // Leaves `require` of the engine's own modules as it is.
      platform: 'node',
      external: ['net', 'crypto', 'Storage', 'Wifi'],
      // What is newer is taken out here; the older forms that Espruino lacks are Babel's.
      target: 'es2021',
      charset: 'ascii',
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } },
    });
    const sources = Object.keys(result.metafile.inputs).filter((file) => file !== 'start.ts');
    return { code: result.outputFiles[0].text, sources: sources.map((file) => resolve(KIT_FOLDER, file)) };
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
