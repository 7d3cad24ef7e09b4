/**
 * Who becomes a session: the verdict on a request to upgrade (RFC 6455 section 4.2), before any byte of an
 * answer, and that answer.
 */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { subprotocol } from 'ws';
import type { RelayConfig } from '../config.ts';
import type { LogFields } from '../log.ts';
import type { RefusalReason } from '../observer.ts';
import type { Registry } from '../routing/registry.ts';
import { type Answer, pathOf } from '../server/http.ts';
import { hostOf } from './forwarded.ts';
import { generateId, requestedId } from './ids.ts';
import { ANY_ORIGIN, isAllowedOrigin, isOfPage, parseOrigin } from './origins.ts';

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

/**
 * A full relay has room again when somebody leaves; nobody knows when, and a fleet must not ask all the time.
 */
const RETRY_AFTER_S = 10;

const WRONG_REQUEST: Omit<Refusal, 'body' | 'status'> = { id: '', reason: 'bad_request' };

const BAD_HANDSHAKE: Refusal = { ...WRONG_REQUEST, status: 400, body: 'bad WebSocket handshake\n' };
/** Section 4.2.1. nginx that is told to pass on Upgrade, and nothing more, still speaks HTTP/1.0. */
const OLD_HTTP: Refusal = {
  ...WRONG_REQUEST,
  status: 400,
  body: 'a WebSocket handshake is HTTP/1.1 or later and names its Host\n',
  details: { hint: 'the request is HTTP/1.0, or without Host: a proxy on the way has to speak HTTP/1.1' },
};
const BAD_HTTP: Refusal = { ...WRONG_REQUEST, status: 400, body: 'bad HTTP request\n' };
const LARGE_HEADERS: Refusal = { id: '', reason: 'large_headers', status: 431, body: 'request headers too large\n' };
export const WRONG_METHOD: Refusal = { ...WRONG_REQUEST, status: 405, body: 'only GET and HEAD\n', headers: { Allow: 'GET, HEAD' } };
const NOT_WEBSOCKET: Refusal = { ...WRONG_REQUEST, status: 426, body: 'only WebSocket\n', headers: { Upgrade: 'websocket' } };
const WRONG_VERSION: Refusal = {
  ...WRONG_REQUEST,
  status: 426,
  body: 'only WebSocket version 13\n',
  headers: { 'Sec-WebSocket-Version': '13' },
};
/**
 * A TLS record of type handshake in place of a request. Its sender cannot read the answer, but sees that it
 * is no TLS.
 */
const TLS_ON_PLAIN_PORT: Refusal = { ...BAD_HTTP, reason: 'tls_protocol' };
/** In words that tell it from every other 403: firmware/channel/cause.ts looks for them. */
const DUPLICATE_ID = 'duplicate_id: this client id is already connected\n';
const BAD_PATH: Refusal = { id: '', reason: 'bad_path', status: 404, body: 'expected the path /<client_id>\n' };
const BAD_ID: Refusal = { id: '', reason: 'bad_id', status: 400, body: 'a client id is 1 to 64 of A-Z a-z 0-9 . _ - and space\n' };

/**
 * To a client behind a trusted proxy. Others are hung up on before they have said anything, but the proxy's
 * connection is not theirs.
 */
export function tooMany(reason: RefusalReason): Refusal {
  const headers = { 'Retry-After': String(RETRY_AFTER_S) };
  return { id: '', reason, status: 429, body: 'too many connections from your address\n', headers };
}

/** The relay is about to be replaced: whoever stands in front of it has another one. */
export const LEAVING: Refusal = {
  id: '',
  reason: 'shutdown',
  status: 503,
  body: 'the relay restarts\n',
  headers: { 'Retry-After': String(RETRY_AFTER_S) },
};

/** The relay cannot know whether another node serves the id. */
export const CUT_OFF: Refusal = { ...LEAVING, reason: 'cut_off', body: 'the relay is cut off from its cluster\n' };

export function duplicateOf(id: string): Refusal {
  return { id, reason: 'duplicate_id', status: 403, body: DUPLICATE_ID };
}

export function fullOf(id: string): Refusal {
  return { id, reason: 'full', status: 503, body: 'the relay is full\n', headers: { 'Retry-After': String(RETRY_AFTER_S) } };
}

/** To a request that is no upgrade but was one when it was sent. */
export const LOST_UPGRADE: Refusal = {
  ...NOT_WEBSOCKET,
  body: 'this was a WebSocket handshake, but its Upgrade got lost: a proxy on the way has to pass on the headers Upgrade and Connection\n',
  details: { hint: 'a proxy on the way drops Upgrade: it has to pass on the headers Upgrade and Connection' },
};

/**
 * Upgrade and Connection are for the next hop only, which is why proxies drop them (RFC 9110 section 7.6.1);
 * these headers are for the relay.
 */
export function hasLostUpgrade({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers['sec-websocket-key'] !== undefined || headers['sec-websocket-version'] !== undefined);
}

/** @param answer which makes the connection a WebSocket @param details for the log, safe to print */
export interface Admission {
  id: string;
  answer: string;
  details: LogFields;
}
export type Verdict = (Admission & { refusal: null }) | { refusal: Refusal };

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
  if (request.httpVersion < '1.1' || request.headers.host === undefined) return { refusal: OLD_HTTP };
  if (request.headers['sec-websocket-version'] !== '13') return { refusal: WRONG_VERSION };

  const { origin } = request.headers;
  if (!isAllowedOrigin(origin, hostOf(request), config.allowOrigins) && isOfPage(request.headers)) return { refusal: strangePage(origin) };

  const requested = requestedId(request.url ?? '');
  if ('error' in requested) {
    const refusal = requested.error === 'bad_path' ? BAD_PATH : BAD_ID;
    return { refusal: { ...refusal, details: { path: printable(pathOf(request.url)) } } };
  }
  const id = requested.id || generateId(random, (candidate) => registry.get(candidate) !== undefined);

  // Before anything is said of the id: a stranger learns nothing about who is connected.
  if (config.authorize === 'cn' && id !== name) {
    return { refusal: { id, reason: 'not_authorized', status: 403, body: 'this client id is not the name in your certificate\n' } };
  }
  const isTaken = registry.get(id) !== undefined;
  if (isTaken && config.duplicateId === 'reject') {
    return { refusal: duplicateOf(id) };
  }
  if (!isTaken && registry.size >= config.maxClients) {
    return { refusal: fullOf(id) };
  }
  const answer = switchingProtocols(request.headers, config.subprotocols);
  return answer === null ? { refusal: BAD_HANDSHAKE } : { id, ...answer, refusal: null };
}

/** Sixteen bytes in base64 (section 4.1), of which nobody needs to know more. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** Section 1.3. */
const KEY_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Section 4.2.2: the first of the subprotocols asked for that the relay has; none when it has none of them,
 * and then clients that insist on one, as browsers do, hang up. No extensions. @returns null when the request
 * is not well-formed
 */
function switchingProtocols(headers: IncomingHttpHeaders, known: readonly string[]): { answer: string; details: LogFields } | null {
  const { 'sec-websocket-key': key = '', 'sec-websocket-protocol': protocols } = headers;
  if (!KEY.test(key)) return null;
  const accept = hash('sha1', key + KEY_SUFFIX, 'base64');
  let answer = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
  const details: LogFields = {};
  if (protocols !== undefined) {
    const asked = subprotocolsOf(protocols);
    if (asked === null) return null;
    const chosen = asked.find((name) => known.includes(name));
    if (chosen !== undefined) answer += `Sec-WebSocket-Protocol: ${chosen}\r\n`;
    else details.unknownSubprotocol = printable(asked.join(','));
  }
  return { answer: `${answer}\r\n`, details };
}

/** Of a header, or of a flag; null when it is not well-formed. */
export function subprotocolsOf(text: string): string[] | null {
  try {
    return [...subprotocol.parse(text)];
  } catch {
    return null;
  }
}

/** Of somebody's text that goes into the log, characters. */
const MAX_LOGGED_CHARACTERS = 200;

/**
 * What has no place in a URL (RFC 3986) as %XX, so that nothing harms a log or what shows it. Node reads
 * requests as Latin-1: a character is a byte.
 */
function printable(text: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  const escaped = text.slice(0, MAX_LOGGED_CHARACTERS).replace(/[^\w.~:/?#[\]@!$&'()*+,;=%-]/g, hex);
  return text.length > MAX_LOGGED_CHARACTERS ? `${escaped}...` : escaped;
}

/**
 * The log names the page and what would let it in, as its user only sees that it cannot connect; one that
 * cannot be printed is left out.
 */
function strangePage(header = ''): Refusal {
  const origin = parseOrigin(header);
  const body = 'pages of this origin may not connect; the relay takes others with --allow-origin\n';
  const details = { origin: origin ?? '?', allow: `--allow-origin ${origin ?? ANY_ORIGIN}` };
  return { id: '', reason: 'bad_origin', status: 403, body, details };
}

/** What Node's HTTP parser could not read, and the bytes it failed on. */
export interface ParseError extends NodeJS.ErrnoException {
  rawPacket?: Buffer;
}

/** RFC 8446 section 5.1: content type handshake, then the major version. */
const TLS_RECORD_START = [22, 3];

export function refusalOfBytes({ code, rawPacket }: ParseError): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return LARGE_HEADERS;
  return TLS_RECORD_START.every((byte, index) => rawPacket?.[index] === byte) ? TLS_ON_PLAIN_PORT : BAD_HTTP;
}
