/**
 * Who becomes a session: the verdict on a request to upgrade (RFC 6455 section 4.2), before any byte of an answer, and that answer.
 */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { subprotocol } from 'ws';
import type { RelayConfig } from './config.ts';
import type { Answer } from './http.ts';
import { generateId, requestedId } from './ids.ts';
import type { LogFields } from './log.ts';
import type { RefusalReason } from './observer.ts';
import { isAllowedOrigin, parseOrigin } from './origins.ts';
import type { Registry } from './registry.ts';

declare module 'ws' {
  /** ws exports it; its types leave it out. */
  const subprotocol: {
    /** The names in a header `Sec-WebSocket-Protocol`. @throws SyntaxError */
    parse(header: string): Set<string>;
  };
}

export interface Refusal extends Answer {
  /** '' when the request names no legal id. */
  id: string;
  reason: RefusalReason;
  /** For the log, safe to print. */
  details?: LogFields;
}

/** A full relay has room again when somebody leaves; nobody knows when, and a fleet must not ask all the time. */
const RETRY_AFTER_S = 10;

const WRONG_REQUEST: Omit<Refusal, 'body' | 'status'> = { id: '', reason: 'bad_request' };

const BAD_HANDSHAKE: Refusal = { ...WRONG_REQUEST, status: 400, body: 'bad WebSocket handshake\n' };
export const BAD_HTTP: Refusal = { ...WRONG_REQUEST, status: 400, body: 'bad HTTP request\n' };
export const LARGE_HEADERS: Refusal = { id: '', reason: 'large_headers', status: 431, body: 'request headers too large\n' };
export const WRONG_METHOD: Refusal = { ...WRONG_REQUEST, status: 405, body: 'only GET and HEAD\n', headers: { Allow: 'GET, HEAD' } };
const NOT_WEBSOCKET: Refusal = { ...WRONG_REQUEST, status: 426, body: 'only WebSocket\n', headers: { Upgrade: 'websocket' } };
const WRONG_VERSION: Refusal = {
  ...WRONG_REQUEST,
  status: 426,
  body: 'only WebSocket version 13\n',
  headers: { 'Sec-WebSocket-Version': '13' },
};
/** A TLS record of type handshake in place of a request. Its sender cannot read the answer, but sees that it is no TLS. */
export const TLS_ON_PLAIN_PORT: Refusal = { ...BAD_HTTP, reason: 'tls_protocol' };
/** In words that tell it from every other 403: firmware/channel/cause.ts looks for them. */
const DUPLICATE_ID = 'duplicate_id: this client id is already connected\n';
const BAD_PATH: Refusal = { id: '', reason: 'bad_path', status: 404, body: 'expected the path /<client_id>\n' };
const BAD_ID: Refusal = { id: '', reason: 'bad_id', status: 400, body: 'a client id is 1 to 64 of A-Z a-z 0-9 . _ - and space\n' };

/** @param answer which makes the connection a WebSocket */
export type Verdict = { id: string; answer: string; refusal: null } | { refusal: Refusal };

/** @param name what the client's certificate calls it, '' without one */
export function judgeUpgrade(
  request: IncomingMessage,
  name: string,
  config: Readonly<RelayConfig>,
  registry: Registry,
  random: () => number,
): Verdict {
  if (request.method !== 'GET') return { refusal: WRONG_METHOD };
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return { refusal: NOT_WEBSOCKET };
  if (request.headers['sec-websocket-version'] !== '13') return { refusal: WRONG_VERSION };

  const { origin, host } = request.headers;
  if (!isAllowedOrigin(origin, host, config.allowOrigins)) return { refusal: strangePage(origin) };

  const requested = requestedId(request.url ?? '');
  if ('error' in requested) return { refusal: requested.error === 'bad_path' ? BAD_PATH : BAD_ID };
  const id = requested.id || generateId(random, (candidate) => registry.get(candidate) !== undefined);

  // Before anything is said of the id: a stranger learns nothing about who is connected.
  if (config.authorize === 'cn' && id !== name) {
    return { refusal: { id, reason: 'not_authorized', status: 403, body: 'this client id is not the name in your certificate\n' } };
  }
  const isTaken = registry.get(id) !== undefined;
  if (isTaken && config.duplicateId === 'reject') {
    return { refusal: { id, reason: 'duplicate_id', status: 403, body: DUPLICATE_ID } };
  }
  if (!isTaken && registry.size >= config.maxClients) {
    const headers = { 'Retry-After': String(RETRY_AFTER_S) };
    return { refusal: { id, reason: 'full', status: 503, body: 'the relay is full\n', headers } };
  }
  const answer = switchingProtocols(request.headers);
  return answer === null ? { refusal: BAD_HANDSHAKE } : { id, answer, refusal: null };
}

/** Sixteen bytes in base64 (section 4.1), of which nobody needs to know more. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** Section 1.3. */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Section 4.2.2: of the subprotocols that are asked for the first is as good as any other. No extensions. @returns null when the request is not well-formed */
function switchingProtocols(headers: IncomingHttpHeaders): string | null {
  const { 'sec-websocket-key': key = '', 'sec-websocket-protocol': protocols } = headers;
  if (!KEY.test(key)) return null;
  const accept = hash('sha1', key + KEY_SUFFIX, 'base64');
  let answer = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
  if (protocols !== undefined) {
    try {
      const [protocol] = subprotocol.parse(protocols);
      answer += `Sec-WebSocket-Protocol: ${protocol}\r\n`;
    } catch {
      return null;
    }
  }
  return `${answer}\r\n`;
}

/** The log names the page, as its user only sees that it cannot connect; one that cannot be printed is left out. */
function strangePage(header = ''): Refusal {
  const origin = parseOrigin(header) ?? '?';
  const body = 'pages of this origin may not connect; the relay takes others with --allow-origin\n';
  return { id: '', reason: 'bad_origin', status: 403, body, details: { origin } };
}
