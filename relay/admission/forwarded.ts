/**
 * Who is behind a reverse proxy, and that there is one at all.
 *
 * `X-Forwarded-For`, `-Host` and `-Proto` are believed of the proxies in `--trust-proxy` only, as anybody can
 * send them. Each proxy adds the address that it was called from at the end of `X-Forwarded-For`, so it is
 * read from there: the first address that is no trusted proxy's is the client's, and what stands before it is
 * the client's own say. `Forwarded` (RFC 7239) is not read: nginx, Caddy and HAProxy do not write it, and
 * pass on what a client has put there.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Duplex } from 'node:stream';

/** As a trusted proxy tells it. */
export interface ForwardedClient {
  address: string;
  /** Host and port that it called. */
  host: string | undefined;
  /** It speaks TLS to the proxy. */
  isSecure: boolean;
}

/** Of connections from trusted proxies that have sent a request. */
const clients = new WeakMap<Duplex, ForwardedClient>();

/**
 * From now on the connection is that of this client. @returns false when it is somebody's already: a
 * connection does not change hands
 */
export function assign(stream: Duplex, client: ForwardedClient): boolean {
  if (clients.has(stream)) return false;
  clients.set(stream, client);
  return true;
}

/** Of the client, be it behind a trusted proxy; null for streams that are no sockets. */
export function addressOf(stream: Duplex): string | null {
  const { remoteAddress } = stream as { remoteAddress?: unknown };
  return clients.get(stream)?.address ?? (typeof remoteAddress === 'string' ? remoteAddress : null);
}

/** Whether the client speaks TLS, to the relay or to a trusted proxy. */
export function isSecure(stream: Duplex): boolean {
  return 'encrypted' in stream || clients.get(stream)?.isSecure === true;
}

/**
 * A target in absolute form, as in a request to a proxy (RFC 9112 section 3.2.2): authority, and path with
 * query.
 */
export const ABSOLUTE_TARGET = /^(?:http|ws)s?:\/\/([^/?]*)(.*)$/i;

/**
 * Host and port that the client means: as a trusted proxy tells them, as in an absolute target, or as in the
 * Host header (RFC 9112 section 3.2.2).
 */
export function hostOf({ url = '', headers, socket }: IncomingMessage): string | undefined {
  return clients.get(socket)?.host ?? ABSOLUTE_TARGET.exec(url)?.[1] ?? headers.host;
}

const MARKS_OF_PROXIES = /^(?:forwarded|x-forwarded-.*|x-real-ip|via)$/;

/**
 * Whether it came by a proxy, trusted or not. One that leaves no trace cannot be known. HTTP/1.0 is what
 * nginx speaks by default, and no browser.
 */
export function isForwarded({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.0' || Object.keys(headers).some((name) => MARKS_OF_PROXIES.test(name));
}

export class TrustedProxies {
  /** null: nobody is trusted, which each connection finds out at no cost. */
  private readonly networks: BlockList | null;

  /** @param networks as parseNetwork takes them */
  constructor(networks: readonly string[]) {
    const list = new BlockList();
    this.networks = networks.length > 0 ? list : null;
    for (const network of networks) {
      const { address, prefix, family } = parseNetwork(network) as Network;
      list.addSubnet(address, prefix, family);
    }
  }

  has(address: string | null): boolean {
    if (this.networks === null || address === null) return false;
    const plain = parseAddress(address);
    return plain !== null && this.networks.check(plain, familyOf(plain));
  }

  /** null: the connection is not from a trusted proxy. */
  clientOf({ socket, headers }: IncomingMessage): ForwardedClient | null {
    const proxy = socket.remoteAddress ?? null;
    if (proxy === null || !this.has(proxy)) return null;
    const [host, protocol] = [headers['x-forwarded-host'], headers['x-forwarded-proto']].map(firstOf);
    return { address: this.lastStranger(proxy, String(headers['x-forwarded-for'] ?? '')), host, isSecure: protocol === 'https' };
  }

  /** The proxy itself when it names nobody, and the outermost one when all that are named are trusted. */
  private lastStranger(proxy: string, header: string): string {
    let last = proxy;
    for (const word of header.split(',').reverse()) {
      const address = parseAddress(word.trim());
      if (address === null) break;
      last = address;
      if (!this.has(address)) break;
    }
    return last;
  }
}

interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`; null: none. */
export function parseNetwork(text: string): Network | null {
  const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (isIP(address) === 0) return null;
  const family = familyOf(address);
  const maxPrefix = family === 'ipv4' ? 32 : 128;
  const prefix = digits === undefined ? maxPrefix : Number(digits);
  return prefix <= maxPrefix ? { address, prefix, family } : null;
}

/**
 * An address that may have a port behind it, as some proxies write it; an IPv4 address in IPv6 is one of
 * IPv4. null: none.
 */
function parseAddress(text: string): string | null {
  const address = text
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/^::ffff:(?=[\d.]+$)/i, '')
    .replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** Of several proxies, what the outermost says. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',', 1)[0].trim() || undefined;
}
