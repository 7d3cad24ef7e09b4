/**
 * Writes a recording. Lines are gathered and written in large pieces, so memory stays bounded however long
 * the run is, and the file gets its name only when it is complete: a failed run leaves none.
 */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFolder } from '../output/run-folder.ts';
import { RUN_END, type TraceHeader } from './trace-format.ts';

export const TRACE_FILE = 'trace.jsonl';

/** Characters that wait before they are written. */
const BUFFER_CHARACTERS = 256 * 1024;

export class TraceFile {
  private readonly folder: RunFolder;
  private readonly temporary: string;
  private readonly descriptor: number;
  private readonly onExit = (): void => this.discard();
  private waiting = '';
  private isOpen = true;

  constructor(folder: RunFolder, header: TraceHeader) {
    this.folder = folder;
    this.temporary = folder.temporary(TRACE_FILE);
    this.descriptor = folder.attempt(() => openSync(this.temporary, 'w'));
    process.on('exit', this.onExit);
    this.writeLine(JSON.stringify(header));
  }

  writeLine(line: string): void {
    this.waiting += `${line}\n`;
    if (this.waiting.length >= BUFFER_CHARACTERS) this.flush();
  }

  /** @param end null for a run that was interrupted: its recording ends as one that was cut off */
  finish(end: { atMs: number; hash: string } | null): void {
    if (end !== null) this.writeLine(JSON.stringify({ t: end.atMs, event: RUN_END, trace_hash: end.hash }));
    this.flush();
    this.close();
    this.folder.attempt(() => renameSync(this.temporary, join(this.folder.path, TRACE_FILE)));
  }

  /** Leaves nothing behind. Safe to call at any time. */
  discard(): void {
    if (!this.isOpen) return;
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private flush(): void {
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    this.folder.attempt(() => {
      // A write to a disk that fills up may end short before the next one fails.
      for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    });
  }

  private close(): void {
    this.isOpen = false;
    process.off('exit', this.onExit);
    closeSync(this.descriptor);
  }
}
