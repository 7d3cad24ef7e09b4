/**
 * The folder that a run leaves behind. A file appears under its name when it is complete, never before: it is
 * written beside it and renamed.
 *
 * Opened before the run begins, so that a place that cannot be written to is known before any time is spent.
 * What runs that were killed left unfinished, here or in the folders beside, is removed then.
 */
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { fileProblem } from 'host/file-problem';
import { makeFolder } from 'host/make-folder';
import { UsageError } from 'host/user-error';
import { documentOf } from '../../scenario/document/document-of.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** 32 bits: enough to tell the settings that one person tries apart, short enough to read. */
const DIGEST_CHARACTERS = 8;

/** What `temporary` gives to the files that the kit writes, of any process and thread. */
const TEMPORARY = /^\.(?:probe|[\w-]+\.(?:jsonl|json|html|csv|yaml|svg))\.(\d{1,10})(?:-\d+)?\.tmp$/;
/** Folders beside a run's that are looked through: where more lie together it is no folder of runs. */
const MAX_NEIGHBOURS = 1_000;

/** `default-1-0123abcd`: the same for the same settings. */
export function runName(scenario: Scenario): string {
  const settings = { ...documentOf(scenario), name: undefined, about: undefined, seed: undefined };
  const digest = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  return `${scenario.name}-${scenario.seed}-${digest.slice(0, DIGEST_CHARACTERS)}`;
}

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    this.attempt(() => {
      makeFolder(path);
      for (const folder of [path, ...neighboursOf(path)]) removeLeftovers(folder);
      const probe = this.temporary('probe');
      writeFileSync(probe, '');
      rmSync(probe);
    });
  }

  /** A name of this thread's own, beside the file's final one. */
  temporary(name: string): string {
    return join(this.path, `.${name}.${process.pid}${isMainThread ? '' : `-${threadId}`}.tmp`);
  }

  /** @param mode of the new file; 0o600 for what is secret */
  writeFile(name: string, text: string, mode = 0o666): void {
    this.attempt(() => {
      const temporary = this.temporary(name);
      try {
        writeFileSync(temporary, text, { mode });
        renameSync(temporary, join(this.path, name));
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    });
  }

  /** What the operating system refuses is the user's to mend. */
  attempt<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      const problem = fileProblem(error);
      if (problem === null) throw error;
      throw new UsageError(`--out: cannot write to ${JSON.stringify(this.path)}: ${problem}`);
    }
  }
}

function neighboursOf(path: string): string[] {
  const parent = dirname(resolve(path));
  return entriesOf(parent)
    .filter((entry) => entry.isDirectory())
    .slice(0, MAX_NEIGHBOURS)
    .map(({ name }) => join(parent, name));
}

/**
 * Removes what runs that were killed left half-written: files of processes of this computer that are gone.
 */
function removeLeftovers(folder: string): void {
  for (const { name } of entriesOf(folder)) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // Somebody else's: it stays.
    }
  }
}

/** Nothing of a folder that cannot be read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
