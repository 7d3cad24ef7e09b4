/**
 * A small project that works at once: the files of `template/`, put where they belong. What is there stays as
 * it is, and is told; a package.json gets scripts, and a .gitignore lines, that it does not have.
 */
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileProblem } from 'host/file-problem';
import { KIT_FOLDER } from 'host/kit';
import { makeFolder } from 'host/make-folder';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import { withLines } from './ignored-lines.ts';
import { newManifest, withScripts } from './manifest.ts';
import type { Merged } from './merged.ts';

/** Beside this file, in a clone as in the package. */
const TEMPLATE = join(KIT_FOLDER, 'sim', 'cli', 'init', 'template');

/** Files of the project, and what of the template they are. */
const FILES = {
  'firmware/app.ts': 'app.ts',
  'firmware/tsconfig.json': 'firmware-tsconfig.json',
  'app.test.ts': 'app-test.ts',
  'tsconfig.json': 'project-tsconfig.json',
  'scenarios/outage.yaml': 'outage.yaml',
  'scenarios/bad-wifi.yaml': 'bad-wifi.yaml',
  '.github/workflows/firmware.yaml': 'workflow.yaml',
  'config.example.json': 'config.json',
  'config.json': 'config.json',
} as const satisfies Record<string, string>;
const MANIFEST = 'package.json';
const IGNORED = '.gitignore';
/** It will hold the password of a Wi-Fi network. */
const SECRET = 'config.json';
const OWNER_ONLY = 0o600;
const MAX_MANIFEST_BYTES = 1024 * 1024;

export interface Initialised {
  /** Files that are new. */
  written: string[];
  /** Files that have something more than before, and what. */
  changed: { file: string; added: string[] }[];
  /** What was there, and is as it was. */
  left: string[];
  /** Packages that the project needs and does not name. */
  missing: string[];
}

const NEEDED = ['squall-kit', 'vitest', 'typescript'];

/** @throws UsageError, before anything is written, when something is in the way */
export function initProject(folder: string): Initialised {
  verifyFolder(folder);
  const targets = [...Object.keys(FILES), MANIFEST, IGNORED];
  for (const target of targets) verifyPlace(folder, target);
  const done: Initialised = { written: [], changed: [], left: [], missing: [] };
  const manifest = textOf(folder, MANIFEST);
  const merged = manifest === null ? null : withScripts(manifest, scripts());
  for (const [target, name] of Object.entries(FILES)) {
    if (exists(join(folder, target))) done.left.push(target);
    else write(folder, target, template(name), done);
  }
  if (merged === null) write(folder, MANIFEST, newManifest(resolve(folder), scripts()), done);
  else change(folder, MANIFEST, merged, done);
  const ignored = textOf(folder, IGNORED);
  if (ignored === null) write(folder, IGNORED, template('gitignore'), done);
  else change(folder, IGNORED, withLines(ignored, template('gitignore')), done);
  done.missing = NEEDED.filter((name) => !(merged?.packages ?? []).includes(name));
  return done;
}

function change(folder: string, file: string, { text, added, left }: Merged, done: Initialised): void {
  if (added.length > 0) {
    attempt(file, () => writeFileSync(join(folder, file), text));
    done.changed.push({ file, added });
  }
  done.left.push(...left);
}

function write(folder: string, file: string, text: string, done: Initialised): void {
  const path = join(folder, file);
  attempt(file, () => {
    makeFolder(dirname(path));
    // Also what has come since it was looked for stays.
    writeFileSync(path, text, { flag: 'wx', mode: file === SECRET ? OWNER_ONLY : undefined });
  });
  done.written.push(file);
}

function template(name: string): string {
  return readFileSync(join(TEMPLATE, name), 'utf8');
}

function scripts(): Record<string, string> {
  return JSON.parse(template('scripts.json')) as Record<string, string>;
}

/** null: there is none. */
function textOf(folder: string, file: string): string | null {
  return exists(join(folder, file)) ? readInput(join(folder, file), MAX_MANIFEST_BYTES) : null;
}

/** Also a link that leads nowhere. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function verifyFolder(folder: string): void {
  const kind = attempt(folder, () => statSync(folder, { throwIfNoEntry: false }));
  if (kind !== undefined && !kind.isDirectory()) throw new UsageError(`${folder}: it is a file; expected a folder, or a name for one`);
}

/** That the folders of a file can be there. */
function verifyPlace(folder: string, target: string): void {
  for (let inside = dirname(target); inside !== '.'; inside = dirname(inside)) {
    const path = join(folder, inside);
    if (existsSync(path) && !statSync(path).isDirectory()) throw new UsageError(`${path}: it is a file; expected a folder, for ${target}`);
  }
}

function attempt<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    throw new UsageError(`${what}: cannot be written: ${problem}`);
  }
}
