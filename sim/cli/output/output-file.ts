/**
 * One file that a flag names. It is opened before anything runs, so that a place that cannot be written to is
 * known before any time is spent.
 */
import { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileProblem } from 'host/file-problem';
import { makeFolder } from 'host/make-folder';
import { UsageError } from 'host/user-error';

export class OutputFile {
  private readonly flag: string;
  private readonly path: string;
  private readonly appends: boolean;

  /**
   * @param appends what is in it stays; else it is emptied at once: what an earlier command left must not be
   *   taken for the result of one that dies
   */
  constructor(flag: string, path: string, appends: boolean) {
    this.flag = flag;
    this.path = path;
    this.appends = appends;
    this.attempt(() => {
      makeFolder(dirname(path));
      closeSync(openSync(path, appends ? 'a' : 'w'));
    });
  }

  write(text: string): void {
    this.attempt(() => (this.appends ? appendFileSync : writeFileSync)(this.path, text));
  }

  private attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      const problem = fileProblem(error);
      if (problem === null) throw error;
      throw new UsageError(`--${this.flag}: cannot write to ${JSON.stringify(this.path)}: ${problem}`);
    }
  }
}
