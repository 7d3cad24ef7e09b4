/**
 * Reads what one end of a connection says, as far as a capture shows it: the head of an HTTP request or
 * response, then the headers of WebSocket frames (RFC 6455 section 5.2). Payloads are passed over, so that
 * they may be missing; who misses a header looks for a segment in which frames begin and end.
 *
 * Bytes come in their order, each segment by itself.
 */

export interface Heard {
  /** The head of a request or a response, to the empty line. */
  onHead(text: string): void;
  /** @param code of a close frame; null: none, or not captured */
  onFrame(opcode: number, payloadBytes: number, code: number | null): void;
  /** It begins like TLS, */
  onTls(): void;
  /** or like nothing that is known here. */
  onOther(): void;
}

type State = 'head' | 'frames' | 'search' | 'opaque';

/** What Node's HTTP parser takes (`--max-http-header-size`). */
const MAX_HEAD_BYTES = 16 * 1024;
const END_OF_HEAD = '\r\n\r\n';
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 3;
/** Two bytes, eight of length, four of the mask, and a close code. */
const MAX_HEADER_BYTES = 16;
const MASK_BYTES = 4;
const CODE_BYTES = 2;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const IS_MASKED = 0x80;
const RESERVED = 0x30;
const OPCODES: readonly number[] = [0, 1, 2, 8, 9, 10];
const CLOSE = 8;
const FIRST_CONTROL = 8;
const FIN = 0x80;
const MAX_CONTROL_BYTES = 125;
/** Longer messages exist; what looks like one in the middle of a connection is more likely something else. */
const MAX_PAYLOAD_BYTES = 2 ** 24;

export class Scanner {
  private readonly heard: Heard;
  /** Frames of a client are masked, those of a server are not. */
  private readonly isClient: boolean;
  private state: State;
  private head = '';
  private readonly header = Buffer.alloc(MAX_HEADER_BYTES);
  private headerBytes = 0;
  /** Of the payload under way. */
  private remaining = 0;

  /** @param sawBegin of the connection */
  constructor(isClient: boolean, sawBegin: boolean, heard: Heard) {
    this.isClient = isClient;
    this.heard = heard;
    this.state = sawBegin ? 'head' : 'search';
  }

  /** Frames are read, or will be. */
  get isReading(): boolean {
    return this.state === 'frames';
  }

  /** After the head there are no frames. */
  close(): void {
    this.state = 'opaque';
    this.head = '';
  }

  /** @param missing bytes at its end that were not captured */
  take(data: Buffer, start: number, end: number, missing: number): void {
    if (this.state === 'search' && missing === 0 && this.fits(data, start, end)) this.state = 'frames';
    if (this.state === 'head') this.takeHead(data, start, end);
    else if (this.state === 'frames') this.takeFrames(data, start, end);
    if (missing > 0) this.skip(missing);
  }

  /** Bytes that nobody will see. */
  skip(bytes: number): void {
    if (this.state === 'head') this.state = 'search';
    if (this.state !== 'frames') return;
    if (this.headerBytes === 0 && bytes <= this.remaining) this.remaining -= bytes;
    else this.lose();
  }

  private lose(): void {
    this.state = 'search';
    this.headerBytes = 0;
    this.remaining = 0;
  }

  private takeHead(data: Buffer, start: number, end: number): void {
    const before = this.head.length;
    this.head += data.toString('latin1', start, Math.min(end, start + MAX_HEAD_BYTES));
    const begin = this.isClient ? 'GET ' : 'HTTP/';
    const isHttp = begin.startsWith(this.head.slice(0, begin.length)) || this.head.startsWith(begin);
    const found = this.head.indexOf(END_OF_HEAD);
    if (!isHttp || (found < 0 && this.head.length >= MAX_HEAD_BYTES)) this.giveUp(before === 0 && this.isTls());
    if (this.state !== 'head' || found < 0) return;
    const { head } = this;
    const bodyAt = found + END_OF_HEAD.length;
    this.head = '';
    this.state = 'frames';
    this.heard.onHead(head.slice(0, bodyAt));
    // Whoever heard the head may have closed this.
    if (this.isReading) this.takeFrames(data, start + bodyAt - before, end);
  }

  private isTls(): boolean {
    return this.head.charCodeAt(0) === TLS_HANDSHAKE && (this.head.length < 2 || this.head.charCodeAt(1) === TLS_MAJOR);
  }

  private giveUp(isTls: boolean): void {
    this.close();
    if (isTls) this.heard.onTls();
    else this.heard.onOther();
  }

  private takeFrames(data: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && this.state === 'frames') {
      if (this.headerBytes === 0 && this.remaining > 0) {
        const passed = Math.min(this.remaining, end - at);
        this.remaining -= passed;
        at += passed;
        continue;
      }
      this.header[this.headerBytes++] = data[at++];
      this.takeHeader();
    }
  }

  /** Acts when it is whole; of a close frame its code belongs to it. */
  private takeHeader(): void {
    const { header, headerBytes } = this;
    if (headerBytes < 2) return;
    const lengthBytes = lengthBytesOf(header[1]);
    const maskBytes = header[1] & IS_MASKED ? MASK_BYTES : 0;
    const opcode = header[0] & 0xf;
    if (!isPlausible(header[0], header[1], this.isClient)) {
      this.lose();
      return;
    }
    const own = 2 + lengthBytes + maskBytes;
    if (headerBytes < own) return;
    const payloadBytes = payloadBytesOf(header, 0);
    const codeBytes = opcode === CLOSE && payloadBytes >= CODE_BYTES ? CODE_BYTES : 0;
    if (headerBytes < own + codeBytes) return;
    this.headerBytes = 0;
    this.remaining = payloadBytes - codeBytes;
    const mask = maskBytes > 0 ? header.readUInt16BE(own - maskBytes) : 0;
    this.heard.onFrame(opcode, payloadBytes, codeBytes > 0 ? header.readUInt16BE(own) ^ mask : null);
  }

  /** Whether frames begin and end with this segment. */
  private fits(data: Buffer, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      if (end - at < 2 || !isPlausible(data[at], data[at + 1], this.isClient)) return false;
      const own = 2 + lengthBytesOf(data[at + 1]) + (data[at + 1] & IS_MASKED ? MASK_BYTES : 0);
      if (end - at < own) return false;
      const payloadBytes = payloadBytesOf(data, at);
      if (payloadBytes > MAX_PAYLOAD_BYTES) return false;
      at += own + payloadBytes;
    }
    return at === end;
  }
}

function isPlausible(first: number, second: number, isClient: boolean): boolean {
  const opcode = first & 0xf;
  const length = second & 0x7f;
  if (((second & IS_MASKED) !== 0) !== isClient || first & RESERVED || !OPCODES.includes(opcode)) return false;
  return opcode < FIRST_CONTROL || ((first & FIN) !== 0 && length <= MAX_CONTROL_BYTES);
}

function lengthBytesOf(second: number): number {
  const length = second & 0x7f;
  return length === LENGTH_16 ? 2 : length === LENGTH_64 ? 8 : 0;
}

function payloadBytesOf(data: Buffer, at: number): number {
  const length = data[at + 1] & 0x7f;
  if (length === LENGTH_16) return data.readUInt16BE(at + 2);
  return length === LENGTH_64 ? data.readUInt32BE(at + 2) * 2 ** 32 + data.readUInt32BE(at + 6) : length;
}
