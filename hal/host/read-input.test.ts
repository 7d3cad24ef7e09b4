import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readBytes, readInput } from './read-input.ts';

function scratchPath(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'squall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** A pipe into which another process writes what `command` prints. */
function pipeFrom(command: string): string {
  const path = scratchPath('pipe');
  execFileSync('sh', ['-c', `mkfifo ${path}`]);
  const writer = spawn('sh', ['-c', `exec ${command} > ${path}`], { stdio: 'ignore' });
  onTestFinished(() => void writer.kill('SIGKILL'));
  return path;
}

it('reads a file up to its bound, and no byte more', () => {
  const path = scratchPath('file');
  writeFileSync(path, '\uFEFFfive');
  expect(readInput(path, 8)).toBe('five');
  expect(() => readInput(path, 6)).toThrow(`${path}: the file has 7 bytes; expected at most 6`);
});

it('reads a pipe, and stops at one that does not end', () => {
  expect(readBytes(pipeFrom('printf 12345'), 5).toString()).toBe('12345');
  const endless = pipeFrom('yes');
  expect(() => readBytes(endless, 100_000)).toThrow(`${endless}: more than 100000 bytes; expected at most that`);
});

it('names a device and a directory for what they are, behind a link, too', () => {
  const link = scratchPath('link.yaml');
  symlinkSync('/dev/zero', link);
  expect(() => readBytes(link, 10)).toThrow(`${link}: cannot be read: it is a device`);
  expect(() => readBytes('/', 10)).toThrow('/: cannot be read: it is a directory');
  expect(() => readBytes('/nowhere', 10)).toThrow('/nowhere: cannot be read: no such file or directory');
});
