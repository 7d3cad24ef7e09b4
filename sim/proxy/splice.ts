/**
 * Joins a real socket to an end of a modelled TCP connection: bytes untouched, FIN for FIN, RST for RST,
 * backpressure for backpressure.
 *
 * What can wait here is the model's send buffer plus one read of the socket one way, its receive buffer plus
 * the socket's own high-water mark the other way: some 300 kB at most. Not passed on: urgent data, and what
 * the two kernels do on their own (acknowledgements, keepalive probes).
 */
import type { Socket } from 'node:net';
import { usFromMs } from '../kernel/units.ts';
import type { TcpEnd, TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import type { WallKernel } from './wall-kernel.ts';

/** One read from the model, bytes. */
const READ_BYTES = 65_536;

/** What toxics do to what leaves through this splice. */
export interface Outlet {
  /** The end of the stream is passed on so much later, ms. */
  readonly closeDelayMs: number;
  /** After so many bytes the connection is closed. */
  readonly limitBytes: number;
}

export interface SpliceOwner {
  readonly kernel: WallKernel;
  /** These bytes, a character each, have gone out through the real socket. */
  onBytesPassed(splice: Splice, bytes: string): void;
  onLimitReached(): void;
  /** The real socket reported an error. */
  onSocketError(splice: Splice, error: Error): void;
  /**
   * Whoever is behind the real socket says no more: it may have closed it, which looks the same from here.
   */
  onSocketEnded(splice: Splice): void;
  /** The real socket is closed. */
  onSocketClosed(splice: Splice): void;
}

export class Splice implements TcpHandlers {
  private readonly owner: SpliceOwner;
  private readonly socket: Socket;
  private readonly outlet: () => Outlet;
  private endpoint: TcpEndpoint | null = null;
  private held = false;
  private socketIsFull = false;
  private socketHasEnded = false;
  private endIsPassed = false;
  private passedBytes = 0;
  socketIsClosed = false;

  /** @param socket paused; stays so until there is an endpoint that can take what it says */
  constructor(owner: SpliceOwner, socket: Socket, outlet: () => Outlet) {
    this.owner = owner;
    this.socket = socket;
    this.outlet = outlet;
    const { kernel } = owner;
    socket.setNoDelay(true); // the model's own end has Nagle's algorithm, if any
    socket.on('data', (bytes: Buffer) => kernel.enter(() => this.socketOnData(bytes)));
    socket.on('end', () => kernel.enter(() => this.socketOnEnd()));
    socket.on('drain', () => kernel.enter(() => this.socketOnDrain()));
    socket.on('error', (error) => owner.onSocketError(this, error));
    socket.on('close', () => kernel.enter(() => this.socketOnClose()));
    socket.pause();
  }

  /** Bytes flow from `onConnect` on. */
  attach(endpoint: TcpEndpoint): void {
    this.endpoint = endpoint;
  }

  /** Whoever is behind the socket stands still: nothing passes here in either direction, and nothing ends. */
  setHeld(on: boolean): void {
    if (on === this.held) return;
    this.held = on;
    if (on) this.socket.pause();
    else this.onConnect();
  }

  /** Ends the real socket with RST; the model is not told. */
  reset(): void {
    this.endpoint?.forget();
    this.socket.resetAndDestroy();
  }

  /** Ends the real socket with FIN, after what was written to it; the model is not told. */
  close(): void {
    this.endpoint?.forget();
    this.socket.destroySoon();
  }

  /** Ends the real socket, whatever it still had to say; the model is not told. */
  drop(): void {
    this.endpoint?.forget();
    this.socket.destroy();
  }

  /**
   * Ends the real socket with FIN, and the modelled connection as the kernel does for a process that dies.
   */
  hangUp(): void {
    this.endpoint?.release();
    this.endpoint = null; // what it still sends is its own affair
    this.socket.destroy();
  }

  onConnect(): void {
    if (this.held) return;
    this.socket.resume();
    this.pump();
  }

  onReadable(): void {
    this.pump();
  }

  onDrain(): void {
    if (!this.held) this.socket.resume();
  }

  onClose(end: TcpEnd): void {
    if (end === '') this.pump();
    else this.socket.resetAndDestroy();
  }

  private socketOnData(bytes: Buffer): void {
    if (this.endpoint?.write(bytes.toString('latin1')) === false) this.socket.pause();
  }

  private socketOnEnd(): void {
    this.socketHasEnded = true;
    this.endpoint?.end();
    this.owner.onSocketEnded(this);
  }

  private socketOnDrain(): void {
    this.socketIsFull = false;
    this.pump();
  }

  /**
   * A socket that closes before both directions have ended was reset or gave up, which the other side learns
   * as RST.
   */
  private socketOnClose(): void {
    this.socketIsClosed = true;
    if (!this.socketHasEnded || !this.endIsPassed) this.endpoint?.abort();
    this.owner.onSocketClosed(this);
  }

  private pump(): void {
    const { endpoint } = this;
    if (endpoint === null) return;
    while (!this.held && !this.socketIsFull && !this.socketIsClosed && endpoint.readableBytes > 0) this.pass(endpoint.read(READ_BYTES));
    if (!this.held && endpoint.atEnd && !this.endIsPassed) this.passEnd();
  }

  private pass(data: string): void {
    const left = this.outlet().limitBytes - this.passedBytes;
    const bytes = data.length > left ? data.slice(0, Math.max(0, left)) : data;
    this.passedBytes += bytes.length;
    this.owner.onBytesPassed(this, bytes);
    this.socketIsFull = !this.socket.write(bytes, 'latin1');
    if (data.length >= left) this.owner.onLimitReached();
  }

  private passEnd(): void {
    this.endIsPassed = true;
    const { closeDelayMs } = this.outlet();
    const { kernel } = this.owner;
    if (closeDelayMs === 0) this.socket.end();
    else kernel.schedule(kernel.nowUs + usFromMs(closeDelayMs), { onEvent: () => this.socket.end() }, null);
  }
}
