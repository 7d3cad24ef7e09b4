/**
 * What can befall a channel, as a table that every backend plays: what the other end does, and the log of
 * state changes that follows, from the first attempt to the beginning of the second. Times are not in it, but
 * for the wait that was decided on, ms.
 *
 * A platform that cannot tell a reset from a FIN (hal/net.ts) says `peer_closed` where the table has `reset`.
 */
import { DEFAULT_CONFIG, type DeviceConfig } from '../config.ts';
import { acceptFor, closeFrame, serverFrame } from './server-side.ts';

export interface Situation {
  name: string;
  syn: 'answered' | 'refused' | 'swallowed';
  /** What the server answers to the request for `path`, as bytes; '' = nothing. */
  answer(accept: string, path: string): string;
  /**
   * What the server's TCP does `ENDING_AFTER_MS` later. The server reads all the time, and never answers a
   * ping.
   */
  ending: 'fin' | 'reset' | 'silence';
  /** `state`, or `waiting cause wait`. */
  log: readonly string[];
  /** Of the board's config; 0 when it is left out. */
  redirects?: number;
}

/**
 * From the server's answer to its end, ms: the answer has arrived by then, and the board's keepalive has not
 * asked yet.
 */
export const ENDING_AFTER_MS = 500;
/** Longer than any situation takes, ms. */
export const SITUATION_MAX_MS = 30_000;
const WAIT_MS = 200;
const RETRY_AFTER_S = 2;

/** What the board is given, with the server's URL: a short keepalive, and waits without chance. */
export const SITUATION_CONFIG: DeviceConfig = {
  ...DEFAULT_CONFIG,
  keepalive: { ping_interval_ms: 4000, ping_timeout_ms: 2000 },
  backoff: { kind: 'fixed', jitter: 'none', min_ms: WAIT_MS, max_ms: WAIT_MS },
};

/** What a request asks for, and the accept value of its key. */
export function readRequest(head: string): { accept: string; path: string } {
  const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(head)?.[1] ?? '';
  return { accept: acceptFor(key), path: /^GET (\S+) /.exec(head)?.[1] ?? '' };
}

/** One line of the log, from the event `channel.state`. */
export function stateLine(state: string, cause: string, waitMs: number): string {
  return state === 'waiting' ? `${state} ${cause} ${waitMs}` : state;
}

/** The lines from the first attempt to the second one, or to the end. */
export function firstAttempt(lines: readonly string[]): string[] {
  const first = lines.indexOf('tcp');
  const second = lines.indexOf('tcp', first + 1);
  return lines.slice(first, second < 0 ? undefined : second);
}

const SILENCE = () => '';
const ACCEPTED = (accept: string) =>
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
const ACCEPTED_THEN = (frame: string) => (accept: string) => ACCEPTED(accept) + frame;
/** In the relay's words. */
const TAKEN = 'duplicate_id: this client id is already connected\n';
const HTTP = (head: string) => () => `HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`;

const ELSEWHERE = '/elsewhere?a=b';

/** The head of a frame that would be one byte too big, which is all that a client needs to see. */
const OVERSIZED_HEAD = '\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x01';

const OPEN = ['tcp', 'handshake', 'open'];
const CLOSED = [...OPEN, `waiting peer_closed ${WAIT_MS}`];
const BROKEN = [...OPEN, `waiting protocol_error ${WAIT_MS}`];
const answered = (answer: Situation['answer'], ending: Situation['ending'], log: Situation['log']) =>
  ({ syn: 'answered', answer, ending, log }) as const;

export const SITUATIONS: readonly Situation[] = [
  { name: 'nobody listens', syn: 'refused', answer: SILENCE, ending: 'silence', log: ['tcp', `waiting refused ${WAIT_MS}`] },
  { name: 'the SYN is swallowed', syn: 'swallowed', answer: SILENCE, ending: 'silence', log: ['tcp', `waiting timeout ${WAIT_MS}`] },
  { name: 'silence after TCP', ...answered(SILENCE, 'silence', ['tcp', 'handshake', `waiting timeout ${WAIT_MS}`]) },
  { name: 'FIN in place of an answer', ...answered(SILENCE, 'fin', ['tcp', 'handshake', `waiting peer_closed ${WAIT_MS}`]) },
  { name: 'RST in place of an answer', ...answered(SILENCE, 'reset', ['tcp', 'handshake', `waiting reset ${WAIT_MS}`]) },
  { name: 'HTTP 403', ...answered(HTTP('403 Forbidden'), 'fin', ['tcp', 'handshake', `waiting refused ${WAIT_MS}`]) },
  {
    name: 'HTTP 403 that says that the id is taken',
    ...answered(() => `HTTP/1.1 403 Forbidden\r\nContent-Length: ${TAKEN.length}\r\n\r\n${TAKEN}`, 'fin', [
      'tcp',
      'handshake',
      `waiting refused_duplicate ${WAIT_MS}`,
    ]),
  },
  {
    name: 'HTTP 503 with Retry-After',
    ...answered(HTTP(`503 Busy\r\nRetry-After: ${RETRY_AFTER_S}`), 'fin', [
      'tcp',
      'handshake',
      `waiting refused ${RETRY_AFTER_S * 1000 + WAIT_MS}`,
    ]),
  },
  {
    name: 'HTTP 503 with Retry-After as a date',
    ...answered(HTTP('503 Busy\r\nDate: Sun, 22 Nov 2026 23:59:59 GMT\r\nRetry-After: Mon, 23 Nov 2026 00:00:01 GMT'), 'fin', [
      'tcp',
      'handshake',
      `waiting refused ${RETRY_AFTER_S * 1000 + WAIT_MS}`,
    ]),
  },
  { name: 'HTTP 302', ...answered(HTTP(`302 Found\r\nLocation: ${ELSEWHERE}`), 'fin', ['tcp', 'handshake', `waiting refused ${WAIT_MS}`]) },
  {
    name: 'HTTP 302 to a place that accepts, FIN there',
    ...answered((accept, path) => (path === ELSEWHERE ? ACCEPTED(accept) : HTTP(`302 Found\r\nLocation: ${ELSEWHERE}`)()), 'fin', CLOSED),
    redirects: 1,
  },
  {
    name: 'HTTP 302 without end',
    ...answered(HTTP(`302 Found\r\nLocation: ${ELSEWHERE}`), 'fin', ['tcp', 'handshake', `waiting refused ${WAIT_MS}`]),
    redirects: 2,
  },
  {
    name: 'a refusal by HTTP/1.0',
    ...answered(() => 'HTTP/1.0 400 Bad Request\r\n\r\n', 'fin', ['tcp', 'handshake', `waiting refused ${WAIT_MS}`]),
  },
  {
    name: 'interim responses, then FIN while open',
    ...answered(
      (accept) => `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ACCEPTED(accept)}`,
      'fin',
      CLOSED,
    ),
  },
  { name: 'an answer that is not HTTP', ...answered(() => 'hello\r\n', 'fin', ['tcp', 'handshake', `waiting protocol_error ${WAIT_MS}`]) },
  { name: 'FIN while open', ...answered(ACCEPTED, 'fin', CLOSED) },
  { name: 'RST while open', ...answered(ACCEPTED, 'reset', [...OPEN, `waiting reset ${WAIT_MS}`]) },
  { name: 'half-open', ...answered(ACCEPTED, 'silence', [...OPEN, `waiting board_ping_timeout ${WAIT_MS}`]) },
  { name: 'close 1001', ...answered(ACCEPTED_THEN(closeFrame(1001, 'going away')), 'fin', CLOSED) },
  { name: 'close 1008', ...answered(ACCEPTED_THEN(closeFrame(1008)), 'fin', CLOSED) },
  { name: 'close 1011', ...answered(ACCEPTED_THEN(closeFrame(1011, 'unexpected')), 'fin', CLOSED) },
  {
    name: 'close 1011 for a missed pong',
    ...answered(ACCEPTED_THEN(closeFrame(1011, 'keepalive ping timeout')), 'fin', [...OPEN, `waiting ping_timeout ${WAIT_MS}`]),
  },
  { name: 'close 4001', ...answered(ACCEPTED_THEN(closeFrame(4001, 'taken over')), 'fin', CLOSED) },
  { name: 'an oversized message', ...answered(ACCEPTED_THEN(OVERSIZED_HEAD), 'silence', BROKEN) },
  { name: 'text that is not UTF-8', ...answered(ACCEPTED_THEN(serverFrame(1, '\xc3(')), 'silence', BROKEN) },
  { name: 'a masked frame', ...answered(ACCEPTED_THEN('\x81\x80\x00\x00\x00\x00'), 'silence', BROKEN) },
];
