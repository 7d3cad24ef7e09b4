/**
 * `npm run build`, and before each `npm pack`: compiles the kit into `dist/`. JavaScript with source maps, in
 * few files so that starting is quick, and the types of what the package exports.
 *
 * It is CommonJS, as the kit is under tsx: firmware is loaded by Node's `require`, whose hooks it uses.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { emitTypes } from './types.ts';

const DIST = 'dist';
/** What the package exports, by the file in `dist/` without its extension. */
const EXPORTED = ['hal/index', 'firmware/api', 'relay/api', 'sim/api/index', 'sim/vitest/index'];
/** What is loaded by its name: `kitModule` of hal/host/kit.ts. */
const BY_NAME = [
  'firmware/apps/button',
  'firmware/apps/echo',
  'firmware/apps/sensor',
  'firmware/apps/sos',
  'firmware/apps/thermometer',
  'firmware/apps/updatable',
  'sim/cli/replay/worker',
  'sim/fuzz/worker',
  'sim/study/sweep/worker',
  'sim/why/worker',
];
/**
 * Dependencies that a run loads at its start: with them in its own files it reads a dozen instead of five
 * hundred.
 */
const TAKEN_IN = [
  'cli-table3',
  'fastest-levenshtein',
  'hdr-histogram-js',
  'picocolors',
  'pure-rand',
  'rxjs',
  'wrap-ansi',
  'ws',
  'yargs-parser',
  'zod',
];

/** In a clone the programs are called by tsx. */
const asPackaged: Plugin = {
  name: 'as-packaged',
  transform: (code, id) => (id.includes('node_modules') ? null : { code: code.replaceAll('npx tsx ', 'npx squall '), map: null }),
};

async function compile(): Promise<OutputChunk[]> {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const loaded = Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !TAKEN_IN.includes(name));
  const isLoaded = (id: string) => loaded.some((name) => id === name || id.startsWith(`${name}/`));
  const entries = ['squall', ...EXPORTED, ...BY_NAME];
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((name) => [name, `${name}.ts`])),
    platform: 'node',
    external: (id) => isLoaded(id),
    // Of `ws`: packages with machine code that it uses where they happen to be.
    transform: { define: { 'process.env.WS_NO_BUFFER_UTIL': 'true', 'process.env.WS_NO_UTF_8_VALIDATE': 'true' } },
    plugins: [asPackaged],
  });
  const { output } = await bundle.write({
    dir: DIST,
    format: 'cjs',
    exports: 'named',
    sourcemap: true,
    comments: false,
    chunkFileNames: 'chunks/[name]-[hash].js',
    banner: ({ fileName }) => (fileName === 'squall.js' ? '#!/usr/bin/env node' : ''),
  });
  return output.filter((file) => file.type === 'chunk');
}

/** Of what is taken in. */
function writeLicences(chunks: readonly OutputChunk[]): void {
  const packages = new Set(
    chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [])),
  );
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), texts.join(`\n${'-'.repeat(78)}\n\n`));
}

async function build(): Promise<void> {
  if (existsSync(DIST)) rmSync(DIST, { recursive: true });
  writeLicences(await compile());
  chmodSync(join(DIST, 'squall.js'), 0o755);
  emitTypes(EXPORTED, join(DIST, 'types'));
}

void build();
