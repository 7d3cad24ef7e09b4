/**
 * A copy of the kit as a clone would have it, changes that are not committed included, for tests that write
 * into it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Packages that are folders of the kit itself. */
const WORKSPACES: Record<string, string> = { hal: 'hal', host: 'hal/host', firmware: 'firmware', relay: 'relay', sim: 'sim' };

/** @returns its folder, which the caller removes */
export function scratchCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'squall-copy-'));
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).split('\n');
  for (const file of tracked.filter((path) => path !== '' && existsSync(path))) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(file, join(copy, file));
  }
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync('node_modules').filter((entry) => !(entry in WORKSPACES))) {
    symlinkSync(resolve('node_modules', name), join(copy, 'node_modules', name));
  }
  for (const [name, folder] of Object.entries(WORKSPACES)) symlinkSync(join(copy, folder), join(copy, 'node_modules', name));
  return copy;
}
