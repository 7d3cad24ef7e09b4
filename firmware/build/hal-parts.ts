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
  /** As they stand in code, with what tells them from other words. Left out: the capability itself. */
  methods?: readonly string[];
}

const PARTS: Readonly<Record<string, HalPart>> = {
  adc: { capability: 'adc' },
  files: { capability: 'storage', methods: ['write', 'erase', 'list'] },
  i2c: { capability: 'i2c' },
  'one-wire': { capability: 'oneWire' },
  pins: { capability: 'gpio', methods: ['pull', 'watch', 'pwm'] },
  power: { capability: 'power' },
  resets: { capability: 'system', methods: ['restart', 'resetReason', 'watchdog', 'feed', 'freeMemory'] },
  spi: { capability: 'spi' },
  station: { capability: 'wifi', methods: ['rssi', 'address\\(', 'powerSave'] },
  uart: { capability: 'uart' },
};

/** @param used what usedParts said */
export function leaveOutHalParts(used: readonly string[]): Plugin {
  const unused = Object.keys(PARTS).filter((name) => !used.includes(name));
  const paths = unused.map((name) => join(BACKEND_FOLDER, `${name}.ts`));
  return {
    name: 'leave-out-hal-parts',
    setup(build) {
      build.onLoad({ filter: /[\\/]espruino[\\/][a-z0-9-]+\.ts$/ }, ({ path }) =>
        paths.includes(path) ? { contents: `export function ${addName(path)}() {}` } : null,
      );
    },
  };
}

/** @param sources absolute paths of what an app consists of @returns names of parts */
export function usedParts(sources: readonly string[]): string[] {
  const texts = sources.filter((path) => !path.startsWith(BACKEND_FOLDER)).map((path) => readFileSync(path, 'utf8'));
  return Object.keys(PARTS).filter((name) => texts.some((text) => names(text, PARTS[name])));
}

function names(text: string, { capability, methods }: HalPart): boolean {
  if (!new RegExp(`\\b${capability}\\b`, 'i').test(text)) return false;
  return methods === undefined || new RegExp(`\\b(${methods.join('|')})`).test(text);
}

function addName(path: string): string {
  const [, name] = /^export function (add\w+)/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (name === undefined) throw new Error(`${path}: a part of the HAL exports a function add…`);
  return name;
}
