/**
 * `cells.jsonl`: the finished runs of a study's cells, one a line, in the order in which they were finished.
 *
 * The first line says which study it is. A line counts once it is whole: what a crash left half-written is
 * cut off and run again.
 */
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { UsageError } from 'host/user-error';
import type { Study } from './study.ts';
import type { TrialResult } from './trial.ts';

export const TRIAL_LOG = 'cells.jsonl';

export interface Trial {
  /** Index into the study's cells. */
  cell: number;
  seed: number;
}

export class TrialLog {
  private readonly results = new Map<string, TrialResult>();
  private readonly descriptor: number;

  /** @throws UsageError when the file is another study's, or none; errors of the file system as they are */
  constructor(path: string, study: Study) {
    const header = `${JSON.stringify({ format: 'squall-study', version: 1, digest: study.digest })}\n`;
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole === '' ? !header.startsWith(text) : !whole.startsWith(header)) {
      throw new UsageError(
        `${path}: holds ${text.startsWith('{"format":"squall-study"') ? 'the cells of another study: this one has changed since' : 'no cells of a study'}; expected another --out, or the folder removed`,
      );
    }
    for (const [index, line] of whole.split('\n').slice(1, -1).entries()) {
      const trial = readLine(line, study);
      if (trial === null)
        throw new UsageError(`${path}:${index + 2}: not a finished run of this study; expected the file as it was written`);
      this.keep(trial, trial);
    }
    this.descriptor = openSync(path, 'a');
    ftruncateSync(this.descriptor, Buffer.byteLength(whole));
    if (whole === '') writeSync(this.descriptor, header);
  }

  get size(): number {
    return this.results.size;
  }

  has({ cell, seed }: Trial): boolean {
    return this.results.has(`${cell} ${seed}`);
  }

  /** Of a trial that is finished. */
  get({ cell, seed }: Trial): TrialResult {
    const result = this.results.get(`${cell} ${seed}`);
    if (result === undefined) throw new Error(`cell ${cell} has not run with seed ${seed}`);
    return result;
  }

  append(trial: Trial, result: TrialResult): void {
    const line = Buffer.from(`${JSON.stringify({ ...trial, ...result })}\n`);
    for (let written = 0; written < line.length; ) written += writeSync(this.descriptor, line, written);
    this.keep(trial, result);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** The same run twice (two sweeps wrote to the folder) has the same result twice. */
  private keep({ cell, seed }: Trial, { values, broken, missed }: TrialResult): void {
    this.results.set(`${cell} ${seed}`, { values, broken, missed });
  }
}

function readLine(line: string, { cells, seeds, metrics }: Study): (Trial & TrialResult) | null {
  try {
    const { cell, seed, values, broken, missed } = JSON.parse(line) as Trial & TrialResult;
    const isTrial = isIndex(cell, cells.length) && isIndex(seed - seeds[0], seeds.length);
    const isResult = values.length === metrics.length && values.every((value) => value === null || typeof value === 'number');
    return isTrial && isResult && isTexts(broken) && isTexts(missed) ? { cell, seed, values, broken, missed } : null;
  } catch {
    return null;
  }
}

function isIndex(value: number, length: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < length;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
