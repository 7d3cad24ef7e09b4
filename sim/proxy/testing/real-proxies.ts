/** nginx and HAProxy on loopback, as Debian has them, with their times made short. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { scratch } from '../../cli/testing/scratch.ts';

interface RealProxy {
  file: string;
  words(folder: string): string[];
  config(port: number, relayPort: number): string;
}

/** Seconds; the finest unit of proxy_read_timeout's neighbours that all of them know. */
const LIMIT_S = 1;

const NGINX_AROUND = (location: string) => `daemon off; master_process off; pid nginx.pid; error_log stderr; events {}
http {
  access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  ${location}
}`;

const nginx = (lines: string): RealProxy => ({
  file: process.env.NGINX ?? '/usr/sbin/nginx',
  words: (folder) => ['-p', folder, '-c', 'proxy.cfg', '-e', 'stderr'],
  config: (port, relayPort) =>
    NGINX_AROUND(
      `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${relayPort}; proxy_read_timeout ${LIMIT_S}s; ${lines} } }`,
    ),
});

/** By the names of the presets. */
export const REAL_PROXIES = {
  nginx: nginx('proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'),
  'nginx-plain': nginx(''),
  haproxy: {
    file: process.env.HAPROXY ?? '/usr/sbin/haproxy',
    words: (folder) => ['-db', '-f', join(folder, 'proxy.cfg')],
    config: (port, relayPort) => `defaults
  mode http
  timeout connect 5s
  timeout client ${LIMIT_S}s
  timeout server ${LIMIT_S}s
frontend devices
  bind 127.0.0.1:${port}
  default_backend relay
backend relay
  server relay 127.0.0.1:${relayPort}
`,
  },
} as const satisfies Record<string, RealProxy>;

export type RealProxyName = keyof typeof REAL_PROXIES;

export function isInstalled(name: RealProxyName): boolean {
  return existsSync(REAL_PROXIES[name].file);
}

/** Until the test is over. */
export async function startRealProxy(name: RealProxyName, port: number, relayPort: number): Promise<void> {
  const { file, words, config } = REAL_PROXIES[name];
  const { folder, write } = scratch();
  mkdirSync(folder, { recursive: true });
  write('proxy.cfg', config(port, relayPort));
  const child = spawn(file, words(folder), { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  onTestFinished(() => void child.kill('SIGKILL'));
  while (!(await listens(port))) if (child.exitCode !== null) throw new Error(said);
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const came = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
  socket.destroy();
  return came;
}
