/**
 * A connection of a world (TCP, or TLS over it) as the Node stream that an `http.Server` and `ws` expect of a
 * socket.
 *
 * Backpressure is real in both directions: what the relay does not read closes the TCP window, and a write
 * that finds the send buffer full is not called back before there is room.
 */
import { Duplex } from 'node:stream';
import type { Timeline } from '../../kernel/timeline.ts';
import type { TcpEnd, TcpHandlers } from '../tcp/endpoint.ts';
import type { ByteStream } from './byte-stream.ts';

/** One read from the endpoint, bytes: what Node reads from a socket at once. */
const READ_BYTES = 65_536;
/** Stream buffers, bytes: Node's default for sockets. */
const HIGH_WATER_MARK = 16_384;

type WriteCallback = (error?: Error | null) => void;

export class EndpointDuplex extends Duplex implements TcpHandlers {
  private readonly kernel: Timeline;
  private readonly endpoint: ByteStream;
  private pendingWrite: WriteCallback | null = null;
  private wantsData = false;
  private ended = false;
  /** What the kernel has to tell while the process stands still, in order; null while it runs. */
  private untold: (() => void)[] | null = null;
  /** Of the board at the other end, and which of its connections this is. */
  readonly board: number;
  readonly connection: number;
  /** What http's server reports of a socket, and what tells it from others. */
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(kernel: Timeline, endpoint: ByteStream, board: number, connection: number, remoteAddress: string) {
    super({ highWaterMark: HIGH_WATER_MARK, allowHalfOpen: true });
    this.kernel = kernel;
    this.endpoint = endpoint;
    this.board = board;
    this.connection = connection;
    this.remoteAddress = remoteAddress;
    this.remotePort = connection;
  }

  /** Socket options that mean nothing here. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  onConnect(): void {}

  /** The process stands still: what arrives stays in the kernel, which closes the window when it is full. */
  pauseProcess(): void {
    this.untold ??= [];
  }

  resumeProcess(): void {
    const untold = this.untold ?? [];
    this.untold = null;
    for (const tell of untold) tell();
    if (this.wantsData && !this.destroyed) this.pump();
  }

  onReadable(): void {
    if (this.wantsData && this.untold === null) this.pump();
  }

  onDrain(): void {
    if (this.untold !== null) {
      this.untold.push(() => this.onDrain());
      return;
    }
    const callback = this.pendingWrite;
    this.pendingWrite = null;
    this.kernel.touchStreams();
    callback?.();
  }

  onClose(end: TcpEnd): void {
    if (this.untold !== null) {
      this.untold.push(() => this.onClose(end));
      return;
    }
    this.kernel.touchStreams();
    if (end === '') this.destroy();
    else this.destroy(socketError(end));
  }

  override _read(): void {
    this.wantsData = true;
    this.pump();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.send(chunk.toString('latin1'), callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: WriteCallback): void {
    let bytes = '';
    for (const { chunk } of chunks) bytes += chunk.toString('latin1');
    this.send(bytes, callback);
  }

  override _final(callback: WriteCallback): void {
    this.endpoint.end();
    callback();
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    this.pendingWrite = null;
    this.endpoint.release();
    this.kernel.touchStreams();
    callback(error);
  }

  private send(bytes: string, callback: WriteCallback): void {
    this.kernel.touchStreams();
    if (this.endpoint.write(bytes)) callback();
    else this.pendingWrite = callback;
  }

  private pump(): void {
    while (this.wantsData && this.endpoint.readableBytes > 0) {
      this.kernel.touchStreams();
      this.wantsData = false; // _read says when the stream wants more
      if (this.push(Buffer.from(this.endpoint.read(READ_BYTES), 'latin1'))) this.wantsData = true;
    }
    if (this.endpoint.atEnd && !this.ended) {
      this.ended = true;
      this.kernel.touchStreams();
      this.push(null);
    }
  }
}

/**
 * Asks for a property, not for the class: `instanceof` with an imported class looks through its prototypes
 * each time, and this is asked for every message.
 */
export function isVirtual(stream: Duplex): stream is EndpointDuplex {
  return 'board' in stream;
}

function socketError(end: TcpEnd): Error {
  const code = end === 'timeout' ? 'ETIMEDOUT' : 'ECONNRESET';
  return Object.assign(new Error(code), { code });
}
