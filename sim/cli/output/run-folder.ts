/**
 * The folder that a run leaves behind. A file appears under its name when it is complete, never before: it is written beside it and renamed.
 *
 * Opened before the run begins, so that a place that cannot be written to is known before any time is spent.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileProblem } from 'host/file-problem';
import { UsageError } from 'host/user-error';
import { documentOf } from '../../scenario/document/document-of.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** 32 bits: enough to tell the settings that one person tries apart, short enough to read. */
const DIGEST_CHARACTERS = 8;

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
      const probe = this.temporary('probe');
      writeFileSync(probe, '');
      rmSync(probe);
    });
  }

  /** A name of this process's own, beside the file's final one. */
  temporary(name: string): string {
    return join(this.path, `.${name}.${process.pid}.tmp`);
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

/** Node's own `recursive` never returns below /proc, where a parent exists and still nothing can be made. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return; // a file there is noticed by whoever writes into it
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}
