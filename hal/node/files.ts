/**
 * Flash of a computer: files in a folder, or in memory. They outlive the board, so whoever makes boards makes
 * them.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '../index.ts';
import { checkFile } from '../limits.ts';

/** As a board has them that has just been flashed. */
export class MemoryFiles implements Storage {
  private readonly files: Map<string, string>;

  /** @param files binary strings by name */
  constructor(files: Readonly<Record<string, string>>) {
    this.files = new Map(Object.entries(files));
  }

  read(name: string): string | null {
    return this.files.get(name) ?? null;
  }

  write(name: string, bytes: string): boolean {
    checkFile('write', name, bytes);
    this.files.set(name, bytes);
    return true;
  }

  erase(name: string): void {
    checkFile('erase', name);
    this.files.delete(name);
  }

  list(): string[] {
    return [...this.files.keys()].filter((name) => !name.startsWith('.')).sort();
  }
}

/**
 * A folder of this computer. A file is written beside its place and renamed into it, which file systems do as
 * a whole.
 */
export class FolderFiles implements Storage {
  private readonly folder: string;
  private readonly carried: Readonly<Record<string, string>>;

  /**
   * @param folder is there
   * @param carried read when the folder has no file of that name
   */
  constructor(folder: string, carried: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.carried = carried;
  }

  read(name: string): string | null {
    const place = this.place('read', name);
    try {
      return readFileSync(place, 'latin1');
    } catch {
      return Object.hasOwn(this.carried, name) ? this.carried[name] : null;
    }
  }

  write(name: string, bytes: string): boolean {
    checkFile('write', name, bytes);
    if (this.read(name) === bytes) return true;
    const draft = join(this.folder, '.draft');
    try {
      const file = openSync(draft, 'w');
      try {
        writeSync(file, bytes, null, 'latin1');
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, this.place('write', name));
      return true;
    } catch {
      return false;
    }
  }

  erase(name: string): void {
    rmSync(this.place('erase', name), { force: true });
  }

  list(): string[] {
    return readdirSync(this.folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  }

  private place(what: string, name: string): string {
    checkFile(what, name);
    return join(this.folder, name);
  }
}
