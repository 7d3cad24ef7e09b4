/**
 * The client's side of the opening handshake (RFC 6455 section 4.1): the request, and an incremental, strict parser of the response's head.
 *
 * Offers no extension and no subprotocol, so a response that names one is refused. Does not follow redirects or answer 401. Of the body of a
 * refusal no more is read than came with the head. Of HTTP (RFC 9112) it wants what every server sends: HTTP/1.1, CRLF, no folded lines.
 */
import type { Crypto, Random } from 'hal';
import type { ReadResult } from './read-result.ts';

/** Longest response head, bytes, line ends included. Servers send 130 to 500; a board cannot keep what an endless one would. */
export const HEAD_MAX_BYTES = 4096;

/** RFC 6455 section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The port that a `Host` header may leave out. */
const DEFAULT_PORT = 80;

const NOT_A_TOKEN = /[^!#$%&'*+.^_`|~0-9A-Za-z-]/;
const NOT_DIGITS = /[^0-9]/;

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

/**
 * The whole request.
 *
 * @param path begins with `/`, already percent-encoded
 * @param key from `createKey`
 */
export function buildRequest(host: string, port: number, path: string, key: string): string {
  return (
    `GET ${path} HTTP/1.1\r\n` +
    `Host: ${port === DEFAULT_PORT ? host : `${host}:${port}`}\r\n` +
    'Upgrade: websocket\r\n' +
    'Connection: Upgrade\r\n' +
    `Sec-WebSocket-Key: ${key}\r\n` +
    'Sec-WebSocket-Version: 13\r\n\r\n'
  );
}

/** Whether a comma-separated header value holds `token`, in any case. */
function holdsToken(list: string, token: string): boolean {
  const parts = list.toLowerCase().split(',');
  for (let i = 0; i < parts.length; i++) if (parts[i].trim() === token) return true;
  return false;
}

/**
 * Incremental parser of the response's head; each `read` takes one line. After `done`, `status` is 101 and everything was checked, or it is
 * another status and `retryAfterSeconds` holds the server's wish (0 = none; an HTTP date counts as none). `rest` gives the bytes that follow the head.
 */
export class ResponseParser {
  /** 0 until the status line was read. */
  status: number = 0;
  retryAfterSeconds: number = 0;
  failure: string = '';
  private readonly accept: string;
  private buffer: string = '';
  /** Start of the next line, and how far the search for its end has come. */
  private at: number = 0;
  private searched: number = 0;
  private headBytes: number = 0;
  private upgrade: string = '';
  private connection: string = '';
  private accepted: string = '';

  /** @param accept from `acceptFor` */
  constructor(accept: string) {
    this.accept = accept;
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
    const code = line.substring(9, 12);
    const after = line.charAt(12);
    if (line.substring(0, 9) !== 'HTTP/1.1 ' || code.length < 3 || NOT_DIGITS.test(code) || (after !== '' && after !== ' ')) {
      return this.fail('not an HTTP/1.1 status line');
    }
    this.status = Number(code);
    return this.status < 100 ? this.fail('HTTP status below 100') : 'part';
  }

  private readHeader(line: string): ReadResult {
    const colon = line.indexOf(':');
    const name = line.substring(0, colon).toLowerCase();
    if (colon < 1 || NOT_A_TOKEN.test(name)) return this.fail('malformed or folded header line');
    const value = line.substring(colon + 1).trim();
    switch (name) {
      case 'upgrade':
        if (this.upgrade !== '') return this.fail('Upgrade header repeated');
        this.upgrade = value;
        break;
      case 'connection':
        this.connection = `${this.connection},${value}`;
        break;
      case 'sec-websocket-accept':
        if (this.accepted !== '') return this.fail('Sec-WebSocket-Accept header repeated');
        this.accepted = value;
        break;
      case 'sec-websocket-extensions':
        return this.fail('extension that was not asked for');
      case 'sec-websocket-protocol':
        return this.fail('subprotocol that was not asked for');
      case 'retry-after':
        if (value !== '' && !NOT_DIGITS.test(value)) this.retryAfterSeconds = Number(value);
        break;
    }
    return 'part';
  }

  private finish(): ReadResult {
    if (this.status !== 101) return 'done';
    if (this.upgrade.toLowerCase() !== 'websocket') return this.fail('Upgrade is not websocket');
    if (!holdsToken(this.connection, 'upgrade')) return this.fail('Connection does not hold upgrade');
    if (this.accepted !== this.accept) return this.fail('wrong Sec-WebSocket-Accept');
    return 'done';
  }

  private fail(failure: string): ReadResult {
    this.failure = failure;
    this.buffer = '';
    this.at = 0;
    return 'bad';
  }
}
