/** Reads a whole file that the user named, up to a size; whatever stands in the way is a UsageError. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { fileProblem } from './file-problem.ts';
import { UsageError } from './user-error.ts';

/** As text, without a byte order mark. */
export function readInput(file: string, maxBytes: number): string {
  const text = readBytes(file, maxBytes).toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

export function readBytes(file: string, maxBytes: number): Buffer {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    if (size > maxBytes) throw new UsageError(`${file}: the file has ${size} bytes; expected at most ${maxBytes}`);
    return readFileSync(descriptor);
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    throw new UsageError(`${file}: cannot be read: ${problem}`);
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
