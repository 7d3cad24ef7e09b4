/**
 * The HAL's byte sockets over `node:net`. IPv4 and IPv6; no TLS.
 *
 * Node's own `write` says false only when the kernel takes no more, which on a fast network is never, and `drain` then never comes; so the bytes
 * that were written within one turn of the event loop are counted here, and their number bounds what a firmware hands over at once.
 */
import { Socket as TcpSocket } from 'node:net';
import type { Net, NetError, Socket, SocketHandlers } from '../index.ts';
import { netErrorOf } from './net-error.ts';

/** Written and not yet taken by the kernel, bytes, above which `write` asks to wait: what Node's streams hold by default. */
const SEND_BUFFER_BYTES = 16 * 1024;

export class NodeNet implements Net {
  private readonly open = new Set<NodeSocket>();
  private off = false;

  connect(host: string, port: number, handlers: SocketHandlers): Socket {
    const socket: NodeSocket = new NodeSocket(handlers, () => this.open.delete(socket));
    if (this.off) {
      socket.destroy();
    } else {
      this.open.add(socket);
      socket.connect(host, port);
    }
    return socket;
  }

  /** Destroys every socket, in silence, and opens no more. */
  switchOff(): void {
    this.off = true;
    for (const socket of [...this.open]) socket.destroy();
  }
}

class NodeSocket implements Socket {
  private readonly tcp = new TcpSocket();
  private readonly handlers: SocketHandlers;
  private readonly onGone: () => void;
  /** No handler is called any more: destroyed, or told of the end. */
  private silent = false;
  private ended = false;
  /** Of what was written, bytes that the kernel has not taken yet. */
  private pendingBytes = 0;
  private wantsDrain = false;

  constructor(handlers: SocketHandlers, onGone: () => void) {
    this.handlers = handlers;
    this.onGone = onGone;
  }

  connect(host: string, port: number): void {
    const { tcp, handlers } = this;
    tcp.setEncoding('latin1').setNoDelay(true);
    tcp.on('connect', () => {
      if (!this.silent) handlers.onConnect();
    });
    tcp.on('data', (bytes: string) => {
      if (!this.silent) handlers.onData(bytes);
    });
    tcp.on('end', () => this.finish(null));
    tcp.on('error', (error) => this.finish(netErrorOf(error)));
    tcp.on('close', this.onGone);
    try {
      tcp.connect({ host, port });
    } catch (error) {
      // For example a port that cannot be; told later, like any other failure.
      tcp.destroy(error as Error);
    }
  }

  write(bytes: string): boolean {
    if (this.silent || this.ended) return false;
    this.pendingBytes += bytes.length;
    this.tcp.write(bytes, 'latin1', (error) => {
      if (!error) this.onWritten(bytes.length);
    });
    this.wantsDrain = this.pendingBytes >= SEND_BUFFER_BYTES;
    return !this.wantsDrain;
  }

  end(): void {
    if (this.silent) return;
    this.ended = true;
    this.tcp.end();
  }

  destroy(): void {
    this.silent = true;
    this.tcp.destroy();
    this.onGone();
  }

  pause(): void {
    if (!this.silent) this.tcp.pause();
  }

  resume(): void {
    if (!this.silent) this.tcp.resume();
  }

  private onWritten(bytes: number): void {
    this.pendingBytes -= bytes;
    if (this.silent || !this.wantsDrain || this.pendingBytes > 0) return;
    this.wantsDrain = false;
    this.handlers.onDrain();
  }

  /** After a FIN of the peer Node sends ours behind what is still queued. */
  private finish(error: NetError | null): void {
    if (this.silent) return;
    this.silent = true;
    this.handlers.onClose(error);
  }
}
