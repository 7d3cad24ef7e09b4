/** A board's socket: the HAL's contract over a TCP endpoint, each callback a task of the board's CPU. */
import type { NetError, NetErrorKind, Socket, SocketHandlers } from 'hal';
import type { TcpEnd, TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import type { Cpu, Task } from './cpu.ts';

export interface SocketOwner {
  readonly cpu: Cpu;
  readonly readBytes: number;
  readonly byteUs: number;
  /** The TCP handshake has ended, either way: a blocking connect returns. */
  onConnectEnded(socket: BoardSocket, connected: boolean): void;
  /** The socket is over for the firmware; called once. @param error '' = in order */
  onSocketGone(socket: BoardSocket, error: NetErrorKind | ''): void;
}

const ENDS: Record<Exclude<TcpEnd, ''>, NetErrorKind> = { refused: 'refused', reset: 'reset', timeout: 'timeout' };

export class BoardSocket implements Socket, TcpHandlers, Task {
  /** Which of the board's connections this is, from 1. */
  readonly connection: number;
  private readonly owner: SocketOwner;
  private readonly handlers: SocketHandlers;
  private endpoint: TcpEndpoint | null = null;
  private connecting = true;
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

  attach(endpoint: TcpEndpoint): void {
    this.endpoint = endpoint;
  }

  write(bytes: string): boolean {
    const { endpoint } = this;
    if (this.gone || this.endReported || this.ending) return true;
    this.owner.cpu.charge(bytes.length * this.owner.byteUs);
    if (endpoint && !this.connecting) return endpoint.write(bytes);
    this.early += bytes;
    return true;
  }

  end(): void {
    if (this.gone) return;
    this.ending = true;
    if (!this.connecting) this.endpoint?.end();
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

  onConnect(): void {
    this.connecting = false;
    if (this.early !== '') this.endpoint?.write(this.early);
    this.early = '';
    if (this.ending) this.endpoint?.end();
    this.owner.onConnectEnded(this, true);
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

  /** Ends the socket for a reason of the platform's own: no network, no socket left, Wi-Fi lost. */
  fail(kind: NetErrorKind | ''): void {
    if (this.connecting) this.owner.onConnectEnded(this, false);
    this.connecting = false;
    if (this.endReported) return;
    this.endReported = true;
    const error: NetError | null = kind === '' ? null : { kind, message: kind };
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
    if (this.connecting) this.owner.onConnectEnded(this, false);
    this.connecting = false;
    this.gone = true;
    this.owner.onSocketGone(this, error);
  }

  private later(callback: () => void): void {
    this.owner.cpu.run({
      execute: () => {
        if (!this.gone) callback();
      },
    });
  }
}
