/**
 * A client that speaks WebSocket in bytes, so that tests can also speak it wrongly. Frames of the relay are
 * decoded one by one, as they were written.
 */
import type { MemoryConnection } from './memory-connection.ts';
import { settle } from './virtual-clock.ts';

export interface ReceivedFrame {
  opcode: number;
  payload: Buffer;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export class TestClient {
  readonly connection: MemoryConnection;
  /** Answers pings, as a living client does. */
  isAlive = true;
  private answered = 0;

  constructor(connection: MemoryConnection) {
    this.connection = connection;
  }

  /** The answer to the handshake or the HTTP request. */
  get response(): string {
    return this.connection.writes[0]?.toString() ?? '';
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3}) /.exec(this.response)?.[1] ?? 0);
  }

  /** Everything after the handshake; throws when a write is not exactly one frame. */
  get frames(): ReceivedFrame[] {
    return this.connection.writes.slice(1).map(decodeServerFrame);
  }

  get texts(): string[] {
    return this.payloads(TEXT).map(String);
  }

  get binaries(): Buffer[] {
    return this.payloads(BINARY);
  }

  get pings(): Buffer[] {
    return this.payloads(PING);
  }

  get pongs(): Buffer[] {
    return this.payloads(PONG);
  }

  /** `1011 ping timeout`; null when the relay has sent no close frame. */
  get closeFrame(): string | null {
    const [body] = this.payloads(CLOSE);
    return body === undefined ? null : `${body.readUInt16BE(0)} ${body.subarray(2)}`;
  }

  async send(text: string): Promise<void> {
    await this.sendFrame(TEXT, Buffer.from(text));
  }

  async sendBinary(payload: Uint8Array): Promise<void> {
    await this.sendFrame(BINARY, payload);
  }

  async ping(payload: Uint8Array): Promise<void> {
    await this.sendFrame(PING, payload);
  }

  async pong(payload: Uint8Array): Promise<void> {
    await this.sendFrame(PONG, payload);
  }

  /** A close frame, without a code when there is none. */
  async close(code?: number): Promise<void> {
    await this.sendFrame(CLOSE, code === undefined ? Buffer.alloc(0) : Buffer.from([code >> 8, code & 255]));
  }

  async sendFrame(opcode: number, payload: Uint8Array): Promise<void> {
    await this.sendBytes(maskedFrame(opcode, payload));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.connection.push(bytes);
    await settle();
  }

  /** FIN. */
  async end(): Promise<void> {
    this.connection.push(null);
    await settle();
  }

  /** Answers the pings that came since the last call, if the client is alive. */
  async answerPings(): Promise<void> {
    if (!this.isAlive || this.connection.destroyed) return;
    const pings = this.pings;
    for (const payload of pings.slice(this.answered)) await this.pong(payload);
    this.answered = pings.length;
  }

  private payloads(opcode: number): Buffer[] {
    return this.frames.filter((frame) => frame.opcode === opcode).map(({ payload }) => payload);
  }
}

/** @param fin false makes it a fragment */
export function maskedFrame(opcode: number, payload: Uint8Array, fin = true): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const length = payload.length;
  const header = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  header[0] = (fin ? 0x80 : 0) | opcode;
  header[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ mask[i % 4])]);
}

function decodeServerFrame(bytes: Buffer): ReceivedFrame {
  if ((bytes[0] & 0xf0) !== 0x80 || bytes[1] > 127) throw new Error('a frame of the relay is fragmented, masked or uses reserved bits');
  const header = bytes[1] < 126 ? 2 : bytes[1] === 126 ? 4 : 10;
  const length = header === 2 ? bytes[1] : header === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length !== header + length) throw new Error('a write of the relay is not exactly one frame');
  return { opcode: bytes[0] & 15, payload: bytes.subarray(header) };
}
