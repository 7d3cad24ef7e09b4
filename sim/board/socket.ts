/** A board's socket: the HAL's contract over TCP, or TLS over it, each callback a task of the board's CPU. */
import type { NetError, NetErrorKind, Socket, SocketHandlers, TlsFailure } from 'hal';
import type { TcpEnd } from '../net/tcp/endpoint.ts';
import type { TlsHandlers } from '../net/tls/stream.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import type { Cpu, Task } from './cpu.ts';

export interface SocketOwner {
  readonly cpu: Cpu;
  readonly readBytes: number;
  readonly byteUs: number;
  /** The TCP handshake has ended, either way: a blocking connect returns. */
  onConnectEnded(socket: BoardSocket, connected: boolean): void;
  /** The TLS handshake that came after it has ended, either way. */
  onTlsEnded(socket: BoardSocket): void;
  /** The socket is over for the firmware; called once. @param error '' = in order */
  onSocketGone(socket: BoardSocket, error: NetErrorKind | ''): void;
}

const ENDS: Record<Exclude<TcpEnd, ''>, NetErrorKind> = { refused: 'refused', reset: 'reset', timeout: 'timeout' };

export class BoardSocket implements Socket, TlsHandlers, Task {
  /** Which of the board's connections this is, from 1. */
  readonly connection: number;
  /** What it takes of the board's memory. */
  heapBytes = 0;
  private readonly owner: SocketOwner;
  private readonly handlers: SocketHandlers;
  private endpoint: ByteStream | null = null;
  private state: 'tcp' | 'tls' | 'connected' = 'tcp';
  /** Written while connecting. */
  private early = '';
  private ending = false;
  private gone = false;
  private paused = false;
  private readQueued = false;
  private endReported = false;

  constructor(owner: SocketOwner, connection: number, handlers: SocketHandlers) {
    this.owner = owner;
    this.connection = connection;
    this.handlers = handlers;
  }

  attach(endpoint: ByteStream): void {
    this.endpoint = endpoint;
  }

  write(bytes: string): boolean {
    const { endpoint } = this;
    if (this.gone || this.endReported || this.ending) return true;
    this.owner.cpu.charge(bytes.length * this.owner.byteUs);
    if (endpoint && this.state === 'connected') return endpoint.write(bytes);
    this.early += bytes;
    return true;
  }

  end(): void {
    if (this.gone) return;
    this.ending = true;
    if (this.state === 'connected') this.endpoint?.end();
  }

  destroy(): void {
    if (this.gone) return;
    this.finish('');
    this.endpoint?.release();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.onReadable();
  }

  /** TCP is there, and TLS begins. */
  onTransport(): void {
    this.state = 'tls';
    this.owner.onConnectEnded(this, true);
  }

  onConnect(): void {
    if (this.early !== '') this.endpoint?.write(this.early);
    this.early = '';
    if (this.ending) this.endpoint?.end();
    this.endConnecting(true);
    this.later(() => this.handlers.onConnect());
  }

  onReadable(): void {
    if (this.readQueued || this.paused || this.gone || !this.endpoint) return;
    if (this.endpoint.readableBytes === 0 && !this.endpoint.atEnd) return;
    this.readQueued = true;
    this.owner.cpu.run(this);
  }

  onDrain(): void {
    this.later(() => this.handlers.onDrain());
  }

  onClose(end: TcpEnd): void {
    if (end === '' && this.endpoint?.readableBytes) return; // the reader gets to the end by itself
    this.fail(end === '' ? '' : ENDS[end]);
  }

  onTlsFailure(failure: TlsFailure): void {
    this.fail('tls', failure);
  }

  /** Ends the socket for a reason of the platform's own: no network, no socket left, Wi-Fi lost, no TLS. */
  fail(kind: NetErrorKind | '', tls?: TlsFailure): void {
    this.endConnecting(false);
    if (this.endReported) return;
    this.endReported = true;
    const error: NetError | null = kind === '' ? null : { kind, message: tls ?? kind, tls };
    this.later(() => {
      this.finish(kind);
      this.handlers.onClose(error);
    });
  }

  /** Reads once, as the platform's idle loop does. */
  execute(): void {
    this.readQueued = false;
    const { endpoint, owner } = this;
    if (this.gone || this.paused || !endpoint) return;
    const bytes = endpoint.read(owner.readBytes);
    if (bytes.length > 0) {
      owner.cpu.charge(bytes.length * owner.byteUs);
      this.handlers.onData(bytes);
      this.onReadable();
    } else if (endpoint.atEnd) {
      endpoint.end(); // the platforms close their side when the peer has ended
      this.fail('');
    }
  }

  private finish(error: NetErrorKind | ''): void {
    if (this.gone) return;
    this.endConnecting(false);
    this.gone = true;
    this.owner.onSocketGone(this, error);
  }

  private endConnecting(connected: boolean): void {
    const { state } = this;
    this.state = 'connected';
    if (state === 'tcp') this.owner.onConnectEnded(this, connected);
    if (state === 'tls') this.owner.onTlsEnded(this);
  }

  private later(callback: () => void): void {
    this.owner.cpu.run({
      execute: () => {
        if (!this.gone) callback();
      },
    });
  }
}
