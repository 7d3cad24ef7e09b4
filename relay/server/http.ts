/**
 * What the relay says in plain HTTP/1.1: refusals of a handshake, and the few answers to requests that are
 * none.
 *
 * Every answer is complete (Content-Length), the last on its connection (Connection: close), without a Date,
 * as the relay knows no calendar, and in the relay's own words: nothing of the request is repeated.
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ABSOLUTE_TARGET } from '../admission/forwarded.ts';

export interface Answer {
  status: number;
  /** One line of text, JSON, or a file. */
  body: string | Buffer;
  headers?: Record<string, string>;
}

/** What else can be had by plain HTTP: the answer to a request, or null when it is for somebody else. */
export type Pages = (request: IncomingMessage) => Promise<Answer> | null;
export const NO_PAGES: Pages = () => null;

/**
 * What else can be had by an upgrade. Returns true when the request was its own, and calls `stay` when its
 * handshake is done: then the connection has no deadline and is the guest's as long as the relay lives.
 */
export type UpgradeHandler = (request: IncomingMessage, stream: Duplex, head: Buffer, stay: () => void) => boolean;
export const NO_UPGRADES: UpgradeHandler = () => false;

/** What `/healthz` says. */
export interface Health {
  /** `draining`, `cut_off` from its cluster: new clients are to go elsewhere. */
  status: 'ok' | 'draining' | 'cut_off';
  /** Open sessions. */
  clients: number;
  /** What its cluster's backplane does, if the relay is a node of one. */
  cluster?: 'up' | 'settling' | 'down';
}

/** To a request that wants no upgrade. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, health: Health, pages: Pages): void {
  const page = pages(request);
  if (page === null) send(response, plainAnswer(request, health));
  else sendPage(response, page);
}

export function sendPage(response: ServerResponse, page: Promise<Answer>): void {
  page.then(
    (answer) => send(response, answer),
    () => send(response, PAGE_FAILED),
  );
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.sendDate = false;
  response.writeHead(status, headersOf(body, headers));
  response.end(body); // Node leaves the body away for HEAD
}

/** Straight to the connection: to an upgrade request, or to something that is not HTTP at all. */
export function writeAnswer(stream: Duplex, { status, body, headers }: Answer): void {
  const lines = Object.entries(headersOf(body, headers)).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // Drains what the peer still sends, so that its FIN is seen and the answer is not cut off by a reset.
  stream.resume();
}

const PAGE_FAILED: Answer = { status: 500, body: 'this page cannot be made\n' };

export function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * @param target the request target of the HTTP request line (RFC 9112 section 3.2), in either form, of which
 *   the query is left out
 */
export function pathOf(target = ''): string {
  const [whole] = target.split('?', 1);
  return whole.replace(ABSOLUTE_TARGET, (_whole, _authority, path) => path || '/');
}

function plainAnswer(request: IncomingMessage, health: Health): Answer {
  if (!isReading(request)) return { status: 405, body: 'only GET and HEAD\n', headers: { Allow: 'GET, HEAD' } };
  const path = pathOf(request.url);
  if (path === '/livez') return { status: 200, body: 'alive\n' };
  if (path !== '/healthz') return { status: 404, body: 'not found; clients connect with ws://HOST:PORT/<client_id>\n' };
  const headers = { 'Content-Type': 'application/json' };
  return { status: health.status === 'ok' ? 200 : 503, body: JSON.stringify(health), headers };
}

function headersOf(body: Answer['body'], headers: Answer['headers']): Record<string, string> {
  return {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
    ...headers,
  };
}
