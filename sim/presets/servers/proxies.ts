/** What stands before a server of any kind: nginx and HAProxy (net/balancer plays them). */
import { seconds } from '../code.ts';
import type { ServerPreset, ServerValues } from '../preset.ts';

/** A proxy has to wait for two pings, so that one may be late. */
const PINGS = 2;
/** Less than it has as it comes is never needed. */
const NGINX_MS = 60_000;
const HAPROXY_MS = 50_000;

/** At least as much patience as it comes with, s. */
function patience({ pingIntervalMs, pingTimeoutMs }: ServerValues, leastMs: number): string {
  return seconds(Math.ceil(Math.max(leastMs, PINGS * pingIntervalMs + pingTimeoutMs) / 1_000) * 1_000);
}

export const NGINX: ServerPreset = {
  about: 'nginx 1.22 with the two lines for WebSockets, before a server with the relay’s keepalive',
  settings: {
    'balancer.preset': [
      'nginx',
      'nginx.org, ngx_http_proxy_module: proxy_read_timeout and proxy_send_timeout 60 s; measured by sim/proxy/real-balancers.test.ts',
    ],
  },
  idleMs: NGINX_MS,
  cannot: {},
  notModelled: [],
  paste: (values) => ({
    place: 'nginx.conf, location',
    lines: [
      'proxy_pass http://127.0.0.1:8000;',
      'proxy_http_version 1.1;',
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_set_header Connection "upgrade";',
      `proxy_read_timeout ${patience(values, NGINX_MS)}s;`,
      `proxy_send_timeout ${patience(values, NGINX_MS)}s;`,
    ],
  }),
};

export const HAPROXY: ServerPreset = {
  about: 'HAProxy 2.6 as Debian sets it up, before a server with the relay’s keepalive',
  settings: {
    'balancer.preset': [
      'haproxy',
      '/etc/haproxy/haproxy.cfg of Debian: timeout client and server 50 s; measured by sim/proxy/real-balancers.test.ts',
    ],
  },
  idleMs: HAPROXY_MS,
  cannot: {},
  notModelled: [],
  paste: (values) => ({
    place: 'haproxy.cfg, defaults',
    lines: [
      `timeout client ${patience(values, HAPROXY_MS)}s`,
      `timeout server ${patience(values, HAPROXY_MS)}s`,
      `timeout tunnel ${patience(values, HAPROXY_MS)}s # of an open WebSocket`,
    ],
  }),
};
