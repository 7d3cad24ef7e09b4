/** A scenario file, or a folder of them, that a command is given. */
import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileProblem } from 'host/file-problem';
import { didYouMeanFile } from 'host/nearest-file';
import { readInput } from 'host/read-input';
import { shellQuote } from 'host/shell-quote';
import { UsageError } from 'host/user-error';
import { MAX_SCENARIO_BYTES } from '../../scenario/document/load.ts';
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
