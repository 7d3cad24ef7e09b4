/**
 * Where the proxy listens and where it connects, as people type them. Names are resolved by the system when
 * they are used.
 */

export interface Address {
  host: string;
  port: number;
}

const MAX_PORT = 65_535;
const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/;
const DEFAULT_PORTS: Record<string, number> = { ws: 80, http: 80, wss: 443, https: 443 };
const UPSTREAM = /^(?:(ws|wss|http|https|tcp):\/\/)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/;

export const ADDRESS_EXPECTED = 'HOST:PORT (127.0.0.1:8001, [::1]:8001)';
export const UPSTREAM_EXPECTED = 'ws://HOST:PORT, wss://HOST:PORT or HOST:PORT, without a path: the device says which';

/** `127.0.0.1:8001`, `[::1]:0`; null: not an address. */
export function parseAddress(text: string): Address | null {
  const [, bracketed, plain, port] = ADDRESS.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host !== undefined && Number(port) <= MAX_PORT ? { host, port: Number(port) } : null;
}

/**
 * The scheme only gives the port when there is none: bytes pass as they are, TLS or not. null: not an
 * upstream.
 */
export function parseUpstream(text: string): Address | null {
  const [, scheme = 'tcp', host, digits] = UPSTREAM.exec(text) ?? [];
  if (host === undefined) return null;
  const port = digits === undefined ? DEFAULT_PORTS[scheme] : Number(digits);
  return port !== undefined && port >= 1 && port <= MAX_PORT ? { host: host.replace(/^\[|\]$/g, ''), port } : null;
}

export function formatAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether only this computer can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
