/**
 * What a TLS mode asks of the boards' config (CONTRACT: encrypt, server and mutual are board/relay 0/0, 2/0
 * and 2/2), and where their files are.
 */
import { parseServerUrl } from 'firmware/server-url';
import { PROFILES } from '../board/profiles/index.ts';
import { CA_FILE, CERTIFICATE_FILE, KEY_FILE } from '../board/runtime.ts';
import type { DeviceName, TlsMode } from './scenario.ts';

const SSL: Record<Exclude<TlsMode, 'none'>, Record<string, unknown>> = {
  encrypt: { cert_reqs: 0 },
  server: { cert_reqs: 2, ca: CA_FILE },
  mutual: { cert_reqs: 2, ca: CA_FILE, cert: CERTIFICATE_FILE, key: KEY_FILE },
};

/**
 * The config with what the mode decides put over it: the files are the run's own, and the server is the same
 * by wss://. A board that verifies needs to know the date, so it asks for it, unless the config says
 * something of `clock`.
 */
export function withTls(config: Record<string, unknown>, mode: TlsMode, defaultServer: string): Record<string, unknown> {
  if (mode === 'none') return config;
  const { server = defaultServer } = config;
  const url = typeof server === 'string' ? server.replace(/^ws:\/\//, 'wss://') : server;
  const clock = mode === 'encrypt' ? {} : { clock: { source: 'sntp' } };
  return { ...clock, ...config, server: url, ssl: SSL[mode] };
}

/** What is wrong with a server's URL for boards of this kind that do not speak TLS; null: nothing. */
export function serverProblem(server: string, mode: TlsMode, device: DeviceName): string | null {
  const url = parseServerUrl(server);
  if (mode === 'none' && url?.secure) return 'wss:// needs TLS in the run too: expected ws://, or tls: encrypt, server or mutual';
  if (url?.host.startsWith('[') && !PROFILES[device].ipv6) return `${device} has no IPv6: expected a name or an IPv4 address`;
  return null;
}
