/** nginx on loopback, as Debian has it: NGINX, or /usr/sbin/nginx. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const NGINX = process.env.NGINX ?? '/usr/sbin/nginx';

/** What it writes goes into its own folder, and it is one process. */
const AROUND = (http: string) => `
daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ${http}
}
`;

/**
 * Until the test is over. @param http what stands in its `http {}` @param files that this names @param port
 * on which it then listens
 */
export async function startNginx(http: string, files: Record<string, string>, port: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'squall-nginx-'));
  for (const [name, text] of Object.entries({ ...files, 'nginx.conf': AROUND(http) })) writeFileSync(join(folder, name), text);
  const child = spawn(NGINX, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${errors}`);
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const came = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
  socket.destroy();
  return came;
}
