/** Reads a whole file that the user named, up to a size; whatever stands in the way is a UsageError. */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { fileProblem } from './file-problem.ts';
import { didYouMeanFile } from './nearest-file.ts';
import { UsageError } from './user-error.ts';

const CHUNK_BYTES = 64 * 1024;

/** As text, without a byte order mark. */
export function readInput(file: string, maxBytes: number): string {
  const text = readBytes(file, maxBytes).toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

export function readBytes(file: string, maxBytes: number): Buffer {
  const descriptor = openInput(file);
  try {
    const { size } = fstatSync(descriptor);
    if (size > maxBytes) throw new UsageError(`${file}: the file has ${size} bytes; expected at most ${maxBytes}`);
    const chunks: Buffer[] = [];
    // A pipe, or a file that grows meanwhile, has no size that could be relied on.
    for (let bytes = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const read = readInto(file, descriptor, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      bytes += read;
      if (bytes > maxBytes) throw new UsageError(`${file}: more than ${maxBytes} bytes; expected at most that`);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** A descriptor of a file or a pipe. A device may never end, and what a directory gives is no text. */
export function openInput(file: string): number {
  const descriptor = attempt(file, () => openSync(file, 'r'));
  const kind = unreadableKind(fstatSync(descriptor));
  if (kind === null) return descriptor;
  closeSync(descriptor);
  throw new UsageError(`${file}: cannot be read: it is a ${kind}`);
}

/** @returns how many bytes were read; 0 at the end */
export function readInto(file: string, descriptor: number, chunk: Buffer): number {
  return attempt(file, () => readSync(descriptor, chunk));
}

function unreadableKind(stats: Stats): string | null {
  if (stats.isDirectory()) return 'directory';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : null;
}

function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const problem = fileProblem(error);
    if (problem === null) throw error;
    const instead = (error as NodeJS.ErrnoException).code === 'ENOENT' ? didYouMeanFile(file) : '';
    throw new UsageError(`${file}: cannot be read: ${problem}${instead}`);
  }
}
