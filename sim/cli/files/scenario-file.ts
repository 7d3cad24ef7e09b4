/** A scenario file that a command is given: its text, and what lies beside it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { findApp, KIT_FOLDER } from 'firmware/cli/load-app';
import { fileProblem } from 'host/file-problem';
import { didYouMeanFile } from 'host/nearest-file';
import { readInput } from 'host/read-input';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { MAX_TRACE_BYTES } from '../../scenario/document/link-trace.ts';
import { MAX_SCENARIO_BYTES } from '../../scenario/document/load.ts';
import type { SourceFolder } from '../../scenario/document/read-document.ts';
import { TRACE_FILE } from '../recording/trace-file.ts';
import { isFolder, isStudy } from './kind-of-file.ts';

/** Where scenarios are that are named without their folder. */
const FOLDERS = ['scenarios', 'scenarios/studies'];
const SCENARIO_KINDS: readonly string[] = ['.yaml', '.yml'];

/** @throws UsageError that says what is there instead */
export function readScenario(file: string): string {
  verifyFile(file);
  return readInput(file, MAX_SCENARIO_BYTES);
}

/** That a scenario or recording is there, and no folder. */
export function verifyFile(file: string): void {
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind === undefined) throw new UsageError(`${file}: cannot be read: no such file or directory${didYouMeanFile(file, FOLDERS)}`);
  if (kind.isDirectory()) throw new UsageError(`${file}: it is a folder; ${inFolder(file)}`);
}

/**
 * The scenarios that lie in a folder, by name, studies left out. @throws UsageError that says what is there
 * instead of any
 */
export function scenariosIn(folder: string): string[] {
  const scenarios = documentsIn(folder).filter((file) => !isStudy(file));
  if (scenarios.length === 0) throw new UsageError(`${folder}: no scenario in this folder; ${inFolder(folder)}`);
  return scenarios;
}

/** What of a folder can be played: `expected …`. */
function inFolder(folder: string): string {
  if (namesIn(folder).includes(TRACE_FILE)) return `expected the recording in it, ${join(folder, TRACE_FILE)}`;
  const [first] = documentsIn(folder);
  if (first === undefined) return 'expected a scenario (.yaml), a recording (.jsonl) or a capture (.pcapng, .pcap)';
  return isStudy(first)
    ? `its studies are for sweep: npx tsx sim sweep ${shellQuote(first)}`
    : `expected one of its files, such as ${first}`;
}

function documentsIn(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => SCENARIO_KINDS.includes(extname(name)))
    .map((name) => join(folder, name))
    .filter((path) => !isFolder(path));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    throw new UsageError(`${folder}: cannot be read: ${problem}`);
  }
}

/**
 * What a scenario's own file names stand for: `link.trace` and `boards.firmware` are looked for beside it.
 */
export function folderOfFile(scenarioFile: string): SourceFolder {
  const folder = dirname(scenarioFile);
  return {
    readTrace(name) {
      try {
        return { text: readInput(resolve(folder, name), MAX_TRACE_BYTES) };
      } catch (error) {
        if (error instanceof UsageError) return { problem: error.message };
        throw error;
      }
    },
    locateFirmware(name) {
      const beside = isAbsolute(name) ? name : join(folder, name);
      return existsSync(beside) || !isKnown(name) ? beside : name;
    },
  };
}

/** A located app by a name that holds in every folder. */
export function fromAnywhere(app: string): string {
  return isOfKit(app) ? app : resolve(app);
}

/** A located app by the name that a scenario in this folder gives it. */
export function seenFrom(folder: string, app: string): string {
  return isOfKit(app) || isAbsolute(app) ? app : relative(folder, app);
}

/** By its name in the kit's folder, which is found from everywhere. */
function isOfKit(app: string): boolean {
  return !isAbsolute(app) && isKnown(app) && findApp(app) === join(KIT_FOLDER, app);
}

/** From the working directory, or as one of the kit's own apps. */
function isKnown(app: string): boolean {
  try {
    findApp(app);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
