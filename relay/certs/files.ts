/**
 * Writes keys and certificates: whole or not at all, keys for their owner only, and nothing over something
 * unless told so.
 *
 * A file is written under another name first and then renamed. A link in place of a file is replaced, never
 * followed.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from 'host/user-error';

export interface NewFile {
  path: string;
  content: string | Buffer;
  /** Holds a private key. */
  secret: boolean;
}

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const FOLDER_MODE = 0o700;

/** @throws UsageError naming every one that is there already */
export function refuseExisting(paths: readonly string[]): void {
  const existing = paths.filter((path) => existsSync(path));
  if (existing.length > 0) throw new UsageError(existing.map((path) => `${path} exists already; --force replaces it`).join('\n'));
}

/** @throws UsageError when the file system does not want it */
export function writeFiles(files: readonly NewFile[]): void {
  for (const file of files) {
    try {
      writeFile(file);
    } catch (error) {
      throw new UsageError(`${file.path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }
}

/** @throws UsageError when there is no such file, or it cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function writeFile({ path, content, secret }: NewFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const temporary = join(dirname(path), `.${process.pid}.new`);
  rmSync(temporary, { force: true }); // of a run that was killed
  const file = openSync(temporary, 'wx', secret ? SECRET_MODE : PUBLIC_MODE);
  try {
    const bytes = Buffer.from(content);
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
