/** A folder that may have to be made. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * With those above it. Throws what the operating system says. Node's own `recursive` never returns below
 * /proc, where a parent exists and still nothing can be made.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return; // a file there is noticed by whoever writes into it
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    mkdirSync(path);
  }
}
