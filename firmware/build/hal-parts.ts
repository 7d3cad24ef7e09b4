/**
 * Leaves out of a program the parts of the Espruino backend that it never names: a board has no room for
 * sleep, buses and sensors that nobody asks for.
 *
 * A part is used where one file names both the capability, in whatever letters, and a method of it, in
 * comments too: too much is no harm, and a method that is missing would be found by no test of its author's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { KIT_FOLDER } from 'host/kit';

const BACKEND_FOLDER = join(KIT_FOLDER, 'hal', 'espruino');

/** A file of the backend, with one function that adds the methods to the HAL. */
interface HalPart {
  capability: string;
  /** Left out: the capability itself. */
  methods?: readonly string[];
}

const PARTS: Readonly<Record<string, HalPart>> = {
  files: { capability: 'storage', methods: ['write', 'erase', 'list'] },
  power: { capability: 'power' },
  resets: { capability: 'system', methods: ['restart', 'resetReason', 'watchdog', 'feed', 'freeMemory'] },
};

/** @param sources absolute paths of what the app consists of */
export function leaveOutHalParts(sources: readonly string[]): Plugin {
  const texts = sources.filter((path) => !path.startsWith(BACKEND_FOLDER)).map((path) => readFileSync(path, 'utf8'));
  const unused = Object.keys(PARTS).filter((name) => !texts.some((text) => names(text, PARTS[name])));
  const paths = unused.map((name) => join(BACKEND_FOLDER, `${name}.ts`));
  return {
    name: 'leave-out-hal-parts',
    setup(build) {
      build.onLoad({ filter: /[\\/]espruino[\\/][a-z-]+\.ts$/ }, ({ path }) =>
        paths.includes(path) ? { contents: `export function ${addName(path)}() {}` } : null,
      );
    },
  };
}

function names(text: string, { capability, methods }: HalPart): boolean {
  if (!new RegExp(`\\b${capability}\\b`, 'i').test(text)) return false;
  return methods === undefined || new RegExp(`\\b(${methods.join('|')})\\b`).test(text);
}

function addName(path: string): string {
  const [, name] = /^export function (add\w+)/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (name === undefined) throw new Error(`${path}: a part of the HAL exports a function add…`);
  return name;
}
