/** nginx and HAProxy on loopback, as Debian has them, with their limits made short. */
import { existsSync } from 'node:fs';
import { startListening } from 'relay/testing/listening-program';
import { NGINX, startNginx } from 'relay/testing/nginx';

const HAPROXY = process.env.HAPROXY ?? '/usr/sbin/haproxy';

interface RealProxy {
  file: string;
  /** Until the test is over. @param limitS seconds without traffic */
  start(port: number, relayPort: number, limitS: number): Promise<void>;
}

const nginx = (lines: string): RealProxy => ({
  file: NGINX,
  start: (port, relayPort, limitS) => {
    const location = `proxy_pass http://127.0.0.1:${relayPort}; proxy_read_timeout ${limitS}s; ${lines}`;
    return startNginx(`server { listen 127.0.0.1:${port}; location / { ${location} } }`, {}, port);
  },
});

/** By the names of the presets. */
export const REAL_PROXIES = {
  nginx: nginx('proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'),
  'nginx-plain': nginx(''),
  haproxy: {
    file: HAPROXY,
    start: (port, relayPort, limitS) => {
      const lines = [
        'defaults',
        '  mode http',
        '  timeout connect 5s',
        `  timeout client ${limitS}s`,
        `  timeout server ${limitS}s`,
        'frontend devices',
        `  bind 127.0.0.1:${port}`,
        '  default_backend relay',
        'backend relay',
        `  server relay 127.0.0.1:${relayPort}`,
        '',
      ];
      return startListening(HAPROXY, (folder) => ['-db', '-f', `${folder}/haproxy.cfg`], { 'haproxy.cfg': lines.join('\n') }, port);
    },
  },
} as const satisfies Record<string, RealProxy>;

export type RealProxyName = keyof typeof REAL_PROXIES;

export function isInstalled(name: RealProxyName): boolean {
  return existsSync(REAL_PROXIES[name].file);
}
