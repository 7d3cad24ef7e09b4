/** A program on loopback in a folder of its own, until it is stopped: killed, as by a power cut. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { LiveServer } from './library.ts';

const LOOK_MS = 50;

export async function startProgram(
  file: string,
  words: (folder: string) => string[],
  files: Record<string, string>,
  port: number,
): Promise<LiveServer> {
  const folder = mkdtempSync(join(tmpdir(), 'squall-clients-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(file, words(folder), { stdio: 'ignore' });
  const exited = once(child, 'exit');
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended before it listened on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return {
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

startProgram.missing = (file: string): string | null => (existsSync(file) ? null : basename(file));

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const came = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
  socket.destroy();
  return came;
}

/** That nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The same of a server of this process. @returns what ends it and all its connections at once */
export async function listening(http: Server, port: number): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return async () => {
    http.close();
    for (const socket of sockets) socket.destroy();
    await once(http, 'close');
  };
}
