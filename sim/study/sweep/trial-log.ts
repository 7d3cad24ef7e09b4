/**
 * `cells.jsonl`: the finished runs of a study's cells, one a line, in the order in which they were finished.
 *
 * The first line says which study it is, and where its file lies. A line counts once it is whole: what a
 * crash left half-written is cut off and run again.
 */
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readInput } from 'host/read-input';
import { UsageError } from 'host/user-error';
import type { Study } from './study.ts';
import type { TrialResult } from './trial.ts';

export const TRIAL_LOG = 'cells.jsonl';

export interface Trial {
  /** Index into the study's cells. */
  cell: number;
  seed: number;
}

export type FinishedTrial = Trial & TrialResult;

const FORMAT = 'squall-study';
/** Of a log that is read from elsewhere: a million runs with twenty metrics each. */
const MAX_LOG_BYTES = 512 * 1024 * 1024;

interface LogHeader {
  format: typeof FORMAT;
  version: 1;
  digest: string;
  /** Of the study, as it was given. */
  file: string;
  /** As `--seeds` had it. */
  seeds: number | null;
}

export class TrialLog {
  private readonly results = new Map<string, TrialResult>();
  private readonly descriptor: number;

  /** @throws UsageError when the file is another study's, or none; errors of the file system as they are */
  constructor(path: string, study: Study) {
    const { digest, file, askedSeeds: seeds } = study;
    const header = `${JSON.stringify({ format: FORMAT, version: 1, digest, file, seeds } satisfies LogHeader)}\n`;
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const whole = wholeLines(text);
    if (whole === '' ? !header.startsWith(text) : headerOf(path, whole).digest !== digest) {
      throw whole === '' ? noLog(path) : otherStudy(path, 'this one has changed since; expected another --out, or the folder removed');
    }
    for (const trial of readTrials(path, whole, study)) this.keep(trial, trial);
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

/**
 * What is written at `path`, and stays as it is.
 * @throws UsageError when there is no log, or none that is whole to the end of its first line
 */
export function readLog(path: string): { header: LogHeader; trialsOf(study: Study): FinishedTrial[] } {
  const whole = wholeLines(readInput(path, MAX_LOG_BYTES));
  const header = headerOf(path, whole);
  return {
    header,
    trialsOf(study) {
      if (header.digest !== study.digest) throw otherStudy(path, `${study.file} is another now`);
      return readTrials(path, whole, study);
    },
  };
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function headerOf(path: string, whole: string): LogHeader {
  try {
    const header = JSON.parse(whole.slice(0, whole.indexOf('\n'))) as LogHeader;
    if (header.format === FORMAT && typeof header.digest === 'string' && typeof header.file === 'string') return header;
  } catch {
    // Not a line of JSON.
  }
  throw noLog(path);
}

function noLog(path: string): UsageError {
  return new UsageError(`${path}: holds no cells of a study; expected another --out, or the folder removed`);
}

function otherStudy(path: string, why: string): UsageError {
  return new UsageError(`${path}: holds the cells of another study: ${why}`);
}

function readTrials(path: string, whole: string, study: Study): FinishedTrial[] {
  const lines = whole.split('\n').slice(1, -1);
  return lines.map((line, index) => {
    const trial = readLine(line, study);
    if (trial !== null) return trial;
    throw new UsageError(`${path}:${index + 2}: not a finished run of this study; expected the file as it was written`);
  });
}

function readLine(line: string, { cells, seeds, metrics }: Study): FinishedTrial | null {
  try {
    const { cell, seed, values, broken, missed } = JSON.parse(line) as FinishedTrial;
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
