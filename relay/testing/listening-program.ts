/** A program on loopback that listens, in a folder of its own, until the test is over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * @param file the program @param words its arguments, by the folder it has @param files what is in that folder
 * @param port on which it then listens
 */
export async function startListening(
  file: string,
  words: (folder: string) => string[],
  files: Record<string, string>,
  port: number,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'squall-program-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(file, words(folder), { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended: ${errors}`);
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const came = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
  socket.destroy();
  return came;
}
