/**
 * TLS in front of a world's relay: what relay/tls/listen.ts is to one that listens. Handshakes under way are
 * bounded by the very same code.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import { isId } from 'relay/admission/ids';
import type { Relay } from 'relay/relay';
import { Handshakes } from 'relay/tls/handshakes';
import type { Timeline } from '../kernel/timeline.ts';
import type { TcpEnd, TcpHandlers } from '../net/tcp/endpoint.ts';
import { FREE_PROCESSOR } from '../net/tls/processor.ts';
import { ServerHandshake, type ServerParts } from '../net/tls/server.ts';
import { type TlsCounters, type TlsHandlers, TlsStream } from '../net/tls/stream.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import type { EndpointDuplex } from '../net/wire/duplex.ts';

export interface RelayTlsSettings {
  server: ServerParts;
  counters: TlsCounters;
}

export interface RelayTlsParts extends RelayTlsSettings {
  kernel: Timeline;
  relay: Relay;
  clock: Clock;
  random: () => number;
}

export class RelayTls {
  private readonly parts: RelayTlsParts;
  private readonly handshakes: Handshakes;
  private readonly names = new WeakMap<Duplex, string>();
  private paused = false;
  /** What TCP has to tell of each connection while the process stands still, in order. */
  private readonly late = new Map<TlsStream, TcpEnd | null>();

  constructor(parts: RelayTlsParts) {
    this.parts = parts;
    this.handshakes = new Handshakes(parts.clock, parts.random, (socket, reason) => parts.relay.refused(socket, reason));
  }

  /** What a client's certificate calls it; '' without one, or when that is no legal id. */
  nameOf(stream: Duplex): string {
    return this.names.get(stream) ?? '';
  }

  /** The process stands still, or goes on. */
  setPaused(paused: boolean): void {
    this.paused = paused;
    if (paused) return;
    const late = [...this.late];
    this.late.clear();
    for (const [stream, end] of late) {
      stream.onReadable();
      stream.onDrain();
      if (end !== null) stream.onClose(end);
    }
  }

  /** A connection that TCP has accepted. The relay hears of it when its handshake is done. */
  accept(tcp: ByteStream, createStream: (bytes: ByteStream) => EndpointDuplex): { stream: EndpointDuplex; handlers: TcpHandlers } {
    const { server, counters } = this.parts;
    const tls = new TlsStream(counters, FREE_PROCESSOR, (owner) => new ServerHandshake(owner, server));
    tls.attach(tcp);
    const stream = createStream(tls);
    stream.on('error', () => {}); // 'close' follows, which is where it is dealt with
    tls.setHandlers(this.handlersOf(tls, stream));
    this.handshakes.add(stream as unknown as Socket);
    return { stream, handlers: this.gate(tls) };
  }

  private handlersOf(tls: TlsStream, stream: EndpointDuplex): TlsHandlers {
    const { kernel, relay } = this.parts;
    const refuse = (reason: Parameters<Relay['refused']>[1]): void => {
      relay.refused(stream, reason);
      stream.destroy();
    };
    return {
      onConnect: () => {
        kernel.touchStreams();
        this.handshakes.done(stream);
        this.names.set(stream, nameIn(tls));
        relay.server.emit('connection', stream);
      },
      onReadable: () => stream.onReadable(),
      onDrain: () => stream.onDrain(),
      onClose: (end) => (this.names.has(stream) ? stream.onClose(end) : refuse('tls_protocol')),
      onTlsFailure: (failure) => (this.names.has(stream) ? stream.onClose('reset') : refuse(`tls_${failure}`)),
    };
  }

  /** Between TCP and a process that may stand still. */
  private gate(tls: TlsStream): TcpHandlers {
    return {
      onConnect: () => tls.onConnect(),
      onReadable: () => (this.paused ? this.note(tls, null) : tls.onReadable()),
      onDrain: () => (this.paused ? this.note(tls, null) : tls.onDrain()),
      onClose: (end) => (this.paused ? this.note(tls, end) : tls.onClose(end)),
    };
  }

  private note(tls: TlsStream, end: TcpEnd | null): void {
    this.late.set(tls, end ?? this.late.get(tls) ?? null);
  }
}

function nameIn({ peer }: TlsStream): string {
  // An array when there are several, whatever the types say.
  const name: unknown = peer?.toLegacyObject().subject?.CN;
  return typeof name === 'string' && isId(name) ? name : '';
}
