/**
 * The client's side of the opening handshake (RFC 6455 section 4.1): the request, and an incremental, strict
 * parser of the response's head.
 *
 * Offers no extension and at most one subprotocol, so a response that names another is refused. Does not
 * answer 401; a redirect is the channel's to follow. Of the body of a refusal no more is read than came with
 * the head. Of HTTP (RFC 9112) it wants what every server sends: CRLF, no folded lines, and for a WebSocket
 * HTTP/1.1.
 */
import type { Crypto, Random } from 'hal';
import type { ReadResult } from './read-result.ts';

/**
 * Longest response head, bytes, line ends and interim responses (1xx, RFC 9110 section 15.2) included.
 * Servers send 130 to 500; a board cannot keep what an endless one would.
 */
export const HEAD_MAX_BYTES = 4096;

/** RFC 6455 section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const NOT_A_TOKEN = /[^!#$%&'*+.^_`|~0-9A-Za-z-]/;
/** The version 1.0 has no WebSockets, but refuses them in a way that can be read. */
const STATUS_LINE = /^HTTP\/1\.[01] \d\d\d/;

/** 16 random bytes, in base64. */
export function createKey(random: Random, crypto: Crypto): string {
  let bytes = '';
  for (let i = 0; i < 4; i++) {
    const word = random.uint32();
    bytes += String.fromCharCode(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
  }
  return crypto.base64(bytes);
}

/** What a server that understood `key` answers in `Sec-WebSocket-Accept`. */
export function acceptFor(key: string, crypto: Crypto): string {
  return crypto.base64(crypto.sha1(key + ACCEPT_GUID));
}

export interface RequestTarget {
  secure: boolean;
  /** As in a URL: an IPv6 address stands in brackets. */
  host: string;
  port: number;
  /** With the query, if there is one; begins with `/`, already percent-encoded. */
  path: string;
  /** That is asked for; '' = none. */
  askedProtocol: string;
  /** Further header lines, each with its line end. May hold secrets. */
  headerLines: string;
}

/** @param key from `createKey` */
export function buildRequest({ secure, host, port, path, askedProtocol, headerLines }: RequestTarget, key: string): string {
  return (
    `GET ${path} HTTP/1.1\r\n` +
    `Host: ${port === (secure ? 443 : 80) ? host : `${host}:${port}`}\r\n` +
    'Upgrade: websocket\r\n' +
    'Connection: Upgrade\r\n' +
    `Sec-WebSocket-Key: ${key}\r\n` +
    'Sec-WebSocket-Version: 13\r\n' +
    `${askedProtocol === '' ? '' : `Sec-WebSocket-Protocol: ${askedProtocol}\r\n`}${headerLines}\r\n`
  );
}

/** Whether a comma-separated header value holds `token`, in any case. */
function holdsToken(list: string, token: string): boolean {
  const parts = list.toLowerCase().split(',');
  for (let i = 0; i < parts.length; i++) if (parts[i].trim() === token) return true;
  return false;
}

/**
 * Incremental parser of the response's head; each `read` takes one line. After `done`, `status` is 101 and
 * everything was checked, or it is another status. Interim responses are passed over. `rest` gives the bytes
 * that follow the head.
 */
export class ResponseParser {
  /** 0 until the status line was read. */
  status: number = 0;
  /** Headers of the same names as the server wrote them, '' = none. */
  retryAfter: string = '';
  dateValue: string = '';
  locationValue: string = '';
  failure: string = '';
  private readonly accept: string;
  private readonly askedProtocol: string;
  private buffer: string = '';
  /** Start of the next line, and how far the search for its end has come. */
  private at: number = 0;
  private searched: number = 0;
  private headBytes: number = 0;
  /** HTTP/1.0 */
  private old: boolean = false;
  private upgradeValue: string = '';
  private connectionValue: string = '';
  private accepted: string = '';

  /** @param accept from `acceptFor` @param askedProtocol the subprotocol that was asked for; '' = none */
  constructor(accept: string, askedProtocol: string) {
    this.accept = accept;
    this.askedProtocol = askedProtocol;
  }

  bufferedBytes(): number {
    return this.buffer.length - this.at;
  }

  push(bytes: string): void {
    this.buffer = this.buffer.substring(this.at) + bytes;
    this.searched -= this.at;
    this.at = 0;
  }

  /** Hands over the bytes behind the head. */
  rest(): string {
    const bytes = this.buffer.substring(this.at);
    this.buffer = '';
    this.at = 0;
    return bytes;
  }

  read(): ReadResult {
    if (this.failure !== '') return 'bad';
    const end = this.buffer.indexOf('\n', this.searched);
    const lineBytes = (end < 0 ? this.buffer.length : end + 1) - this.at;
    if (this.headBytes + lineBytes > HEAD_MAX_BYTES) return this.fail(`response head above ${HEAD_MAX_BYTES} bytes`);
    if (end < 0) {
      this.searched = this.buffer.length;
      return 'more';
    }
    const line = this.buffer.substring(this.at, end - 1);
    const terminated = end > this.at && this.buffer.charAt(end - 1) === '\r';
    this.headBytes += lineBytes;
    this.at = end + 1;
    this.searched = end + 1;
    if (!terminated || line.indexOf('\r') >= 0 || line.indexOf('\0') >= 0) return this.fail('malformed line end');
    if (this.status === 0) return this.readStatus(line);
    return line === '' ? this.finish() : this.readHeader(line);
  }

  private readStatus(line: string): ReadResult {
    const after = line.charAt(12);
    if (!STATUS_LINE.test(line) || (after !== '' && after !== ' ')) return this.fail('not an HTTP/1.1 status line');
    this.old = line.charAt(7) === '0';
    this.status = Number(line.substring(9, 12));
    return this.status < 100 ? this.fail('HTTP status below 100') : 'part';
  }

  private readHeader(line: string): ReadResult {
    const colon = line.indexOf(':');
    const name = line.substring(0, colon).toLowerCase();
    if (colon < 1 || NOT_A_TOKEN.test(name)) return this.fail('malformed or folded header line');
    const value = line.substring(colon + 1).trim();
    switch (name) {
      case 'upgrade':
        if (this.upgradeValue !== '') return this.fail('Upgrade header repeated');
        this.upgradeValue = value;
        break;
      case 'connection':
        this.connectionValue += `,${value}`;
        break;
      case 'sec-websocket-accept':
        if (this.accepted !== '') return this.fail('Sec-WebSocket-Accept header repeated');
        this.accepted = value;
        break;
      case 'sec-websocket-extensions':
        return this.fail('extension that was not asked for');
      case 'sec-websocket-protocol':
        if (value !== this.askedProtocol) return this.fail('subprotocol that was not asked for');
        break;
      case 'retry-after':
        this.retryAfter = value;
        break;
      case 'date':
        this.dateValue = value;
        break;
      case 'location':
        this.locationValue = value;
        break;
    }
    return 'part';
  }

  private finish(): ReadResult {
    if (this.status !== 101) return this.status < 200 ? this.passOver() : 'done';
    if (this.old) return this.fail('status 101 by HTTP/1.0');
    if (this.upgradeValue.toLowerCase() !== 'websocket') return this.fail('Upgrade is not websocket');
    if (!holdsToken(this.connectionValue, 'upgrade')) return this.fail('Connection does not hold upgrade');
    if (this.accepted !== this.accept) return this.fail('wrong Sec-WebSocket-Accept');
    return 'done';
  }

  /** The response comes after this one. */
  private passOver(): ReadResult {
    this.status = 0;
    this.upgradeValue = this.connectionValue = this.accepted = '';
    return 'part';
  }

  private fail(failure: string): ReadResult {
    this.failure = failure;
    this.buffer = '';
    this.at = 0;
    return 'bad';
  }
}
