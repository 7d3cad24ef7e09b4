/**
 * The file that a recording is written to: whole lines only, of bounded size, with a named number of older
 * files beside it (`field.jsonl`, `field.1.jsonl`, …).
 *
 * Lines are handed to the operating system together, by `flush` or when there are many, so a process that is
 * killed loses what was not flushed; `sync` holds them against a loss of power. A line that a crash or a full
 * disk cut is taken off again. Every method throws what the operating system says. What the lines mean is not
 * known here.
 */
import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';

/**
 * Older files that are kept: with the one being written, a recording takes at most five times its size on
 * disk.
 */
export const KEPT_FILES = 4;

/** A cut line is looked for in pieces of this size, from the end, bytes. */
const TAIL_BYTES = 64 * 1024;
/** Lines of this size together do not wait any longer, bytes. */
const MAX_WAITING_BYTES = 64 * 1024;
const LINE_FEED = 10;

export class RecordingFile {
  readonly path: string;
  private readonly maxBytes: number;
  private descriptor: number;
  /** With what waits. */
  private size: number;
  private waiting: string[] = [];
  private waitingBytes = 0;
  private isOpen = true;

  /** Opens or makes the file and changes nothing in it. */
  constructor(path: string, maxBytes: number) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.descriptor = openSync(path, 'a+');
    const stat = fstatSync(this.descriptor);
    if (!stat.isFile()) {
      closeSync(this.descriptor);
      throw new Error('it is not a file');
    }
    this.size = stat.size;
  }

  /** The beginning of what an earlier process wrote, up to `bytes`; '' for a new file. */
  beginning(bytes: number): string {
    return this.read(0, Math.min(bytes, this.size)).toString('utf8');
  }

  /** Takes off what an earlier process left of a line. */
  dropCutLine(): void {
    let end = this.size;
    while (end > 0) {
      const start = Math.max(0, end - TAIL_BYTES);
      const lineFeed = this.read(start, end - start).lastIndexOf(LINE_FEED);
      end = lineFeed < 0 ? start : start + lineFeed + 1;
      if (lineFeed >= 0) break;
    }
    if (end < this.size) ftruncateSync(this.descriptor, end);
    this.size = end;
  }

  hasRoomFor(line: string): boolean {
    return this.size + Buffer.byteLength(line) + 1 <= this.maxBytes;
  }

  append(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    this.waiting.push(line, '\n');
    this.waitingBytes += bytes;
    this.size += bytes;
    if (this.waitingBytes >= MAX_WAITING_BYTES) this.flush();
  }

  /** Hands what waits to the operating system. */
  flush(): void {
    if (this.waitingBytes === 0) return;
    const bytes = Buffer.from(this.waiting.join(''));
    const start = this.size - this.waitingBytes;
    this.waiting = [];
    this.waitingBytes = 0;
    const written = writeSync(this.descriptor, bytes);
    if (written === bytes.length) return;
    // A disk that fills up may take a part.
    this.size = start + bytes.subarray(0, written).lastIndexOf(LINE_FEED) + 1;
    ftruncateSync(this.descriptor, this.size);
    throw new Error('no space left on the device');
  }

  /** Gives the file the first of the old names, drops the oldest, and begins an empty one. */
  rotate(): void {
    this.close();
    for (let age = KEPT_FILES; age > 0; age--) this.rename(age - 1, age);
    this.descriptor = openSync(this.path, 'ax+');
    this.size = 0;
    this.isOpen = true;
  }

  /** To the disk itself, without waiting for it. */
  sync(onFailure: (error: Error) => void): void {
    this.flush();
    fdatasync(this.descriptor, (error) => {
      // A file that was closed meanwhile was synced by that.
      if (error && this.isOpen) onFailure(error);
    });
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      this.flush();
      fdatasyncSync(this.descriptor);
    } finally {
      closeSync(this.descriptor);
    }
  }

  private rename(from: number, to: number): void {
    try {
      renameSync(this.nameOf(from), this.nameOf(to));
    } catch (error) {
      // Not so many old ones yet; the newest has to be there.
      if (from === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  private nameOf(age: number): string {
    return age === 0 ? this.path : this.path.replace(/(\.[^./]*)?$/, `.${age}$1`);
  }

  private read(start: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.descriptor, bytes, 0, length, start));
  }
}
