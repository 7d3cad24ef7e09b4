/**
 * The HAL's byte sockets over `node:net` and `node:tls`. IPv4 and IPv6.
 *
 * Node's own `write` says false only when the kernel takes no more, which on a fast network is never, and
 * `drain` then never comes; so the bytes that were written within one turn of the event loop are counted
 * here, and their number bounds what a firmware hands over at once.
 */
import { connect as connectTcp, Socket as TcpSocket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Net, NetError, Socket, SocketHandlers, TlsFailure, TlsSettings, WallClock } from '../index.ts';
import { unlessStopped } from '../stopped.ts';
import { netErrorOf } from './net-error.ts';
import { certificateFailure, connectionOptions, tlsErrorOf } from './tls.ts';

/**
 * Written and not yet taken by the kernel, bytes, above which `write` asks to wait: what Node's streams hold
 * by default.
 */
const SEND_BUFFER_BYTES = 16 * 1024;

export class NodeNet implements Net {
  private readonly open = new Set<NodeSocket>();
  private readonly wallClock: WallClock;
  private off = false;

  /** @param wallClock by which certificates are valid or not */
  constructor(wallClock: WallClock) {
    this.wallClock = wallClock;
  }

  connect(host: string, port: number, handlers: SocketHandlers, tls: TlsSettings | null = null): Socket {
    const socket: NodeSocket = new NodeSocket(untilStopped(handlers), () => this.open.delete(socket));
    if (this.off) {
      socket.destroy();
    } else {
      this.open.add(socket);
      if (tls === null) socket.connect(host, port);
      else socket.connectTls(host, port, tls, this.wallClock);
    }
    return socket;
  }

  /** Destroys every socket, in silence, and opens no more. */
  switchOff(): void {
    this.off = true;
    for (const socket of [...this.open]) socket.destroy();
  }
}

function untilStopped(handlers: SocketHandlers): SocketHandlers {
  return {
    onConnect: () => unlessStopped(() => handlers.onConnect()),
    onData: (bytes) => unlessStopped(() => handlers.onData(bytes)),
    onDrain: () => unlessStopped(() => handlers.onDrain()),
    onClose: (error) => unlessStopped(() => handlers.onClose(error)),
  };
}

class NodeSocket implements Socket {
  private tcp = new TcpSocket();
  private readonly handlers: SocketHandlers;
  private readonly onGone: () => void;
  /** No handler is called any more: destroyed, or told of the end. */
  private silent = false;
  private ended = false;
  private announced = false;
  /** Something came. */
  private heard = false;
  /** Of what was written, bytes that the kernel has not taken yet. */
  private pendingBytes = 0;
  private wantsDrain = false;

  constructor(handlers: SocketHandlers, onGone: () => void) {
    this.handlers = handlers;
    this.onGone = onGone;
  }

  connect(host: string, port: number): void {
    this.open(() => connectTcp({ host: withoutBrackets(host), port }));
    this.tcp.on('connect', () => this.announce());
    this.tcp.on('end', () => this.finish(null));
    this.tcp.on('error', (error) => this.finish(netErrorOf(error)));
  }

  connectTls(host: string, port: number, settings: TlsSettings, wallClock: WallClock): void {
    let options = {};
    let unusable: NetError | null = null;
    try {
      options = connectionOptions(settings, withoutBrackets(host));
    } catch (error) {
      unusable = tlsError('bad_certificate', (error as Error).message);
    }
    if (unusable !== null) {
      this.tcp.on('error', () => this.finish(unusable)).destroy(new Error(unusable.message));
      this.onGone();
      return;
    }
    const showsCertificate = settings.cert !== '';
    this.open(() => connectTls({ ...options, host: withoutBrackets(host), port }));
    this.tcp.on('secureConnect', () => {
      const failure = settings.verify ? certificateFailure(this.tcp as TLSSocket, settings, wallClock.now()) : null;
      if (failure === null) this.announce();
      else this.fail(failure);
    });
    this.tcp.on('end', () => {
      // Before TLS is there an error follows.
      if (this.announced) this.finish(this.hungUp(showsCertificate));
    });
    this.tcp.on('error', (error: NodeJS.ErrnoException) => this.finish(this.tlsFailure(error, showsCertificate)));
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

  /** What throws here, for example a port that cannot be, is told later, like any other failure. */
  private open(start: () => TcpSocket): void {
    try {
      this.tcp = start();
    } catch (error) {
      this.tcp.destroy(error as Error);
    }
    this.tcp.setEncoding('latin1').setNoDelay(true);
    this.tcp.on('data', (bytes: string) => {
      this.heard = true;
      if (!this.silent) this.handlers.onData(bytes);
    });
    this.tcp.on('close', this.onGone);
  }

  private announce(): void {
    this.announced = true;
    if (!this.silent) this.handlers.onConnect();
  }

  private tlsFailure(error: NodeJS.ErrnoException, showsCertificate: boolean): NetError {
    const hungUp = error.code === 'ECONNRESET' ? this.hungUp(showsCertificate) : null;
    if (hungUp !== null) return hungUp;
    // Node's own words for a FIN in the middle of the handshake; a reset comes from a system call.
    if (error.code === 'ECONNRESET' && error.syscall === undefined) return tlsError('protocol', error.message);
    return tlsErrorOf(error, showsCertificate) ?? netErrorOf(error);
  }

  /**
   * A server that ends a connection on which it was shown a certificate, before its first byte, has refused
   * that certificate as a rule: Node's servers send no alert.
   */
  private hungUp(showsCertificate: boolean): NetError | null {
    return showsCertificate && !this.heard ? tlsError('bad_certificate', 'the relay hung up on this certificate') : null;
  }

  private fail(error: NetError): void {
    this.finish(error);
    this.tcp.destroy();
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

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function tlsError(tls: TlsFailure, message: string): NetError {
  return { kind: 'tls', tls, message };
}
