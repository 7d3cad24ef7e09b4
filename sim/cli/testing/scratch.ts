/** A folder for the files of one test, removed after it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Scratch {
  path(name: string): string;
  /** Returns the path of the file. */
  write(name: string, content: string | Uint8Array): string;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
