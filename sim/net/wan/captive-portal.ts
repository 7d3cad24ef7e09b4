/**
 * The captive portal of a network whose user has not signed in: it accepts every TCP connection in the name
 * of whoever was called, and answers every HTTP request by leading to its own page. In TLS it shows a
 * certificate of its own, which is not the relay's.
 *
 * Not modelled: DNS answers of its own, which change nothing for who is caught by address, and what it does
 * to datagrams but to swallow them.
 */
import type { Timeline } from '../../kernel/timeline.ts';
import { answer, MAX_HEAD_BYTES, splitHead } from '../balancer/http-head.ts';
import type { TcpEndpoint, TcpHandlers } from '../tcp/endpoint.ts';
import { type TcpCounters, TcpMachine } from '../tcp/host.ts';
import { RELAY_TCP } from '../tcp/parameters.ts';
import type { Identity } from '../tls/certificates.ts';
import { FREE_PROCESSOR } from '../tls/processor.ts';
import { CERT_REQS, ServerHandshake, type ServerParts } from '../tls/server.ts';
import { type TlsCounters, TlsStream } from '../tls/stream.ts';
import type { ByteStream } from '../wire/byte-stream.ts';
import type { Packet } from '../wire/packet.ts';

/** Where its page is: an address of the network, on no board's way. */
const PAGE = 'Location: http://10.0.255.2/\r\n';
const REDIRECTS = [301, 302, 303, 307, 308];

export interface PortalTls extends Pick<ServerParts, 'certificates' | 'epochMs'> {
  identity: Identity;
  counters: TlsCounters;
}

export interface CaptivePortalParts {
  kernel: Timeline;
  counters: TcpCounters;
  /** null: clients speak plain HTTP, or are not understood. */
  tls: PortalTls | null;
  /** What it says to this client. */
  statusFor(flow: number): number;
  onRefused(flow: number, status: number): void;
  transmit(packet: Packet): void;
}

export class CaptivePortal {
  private readonly parts: CaptivePortalParts;
  private readonly tcp: TcpMachine;

  constructor(parts: CaptivePortalParts) {
    this.parts = parts;
    this.tcp = new TcpMachine(parts.kernel, RELAY_TCP, 0, parts.counters, (packet) => parts.transmit(packet));
    this.tcp.listen((endpoint) => this.accept(endpoint));
  }

  /** Of connections from before it stood in the way it knows nothing, and says so by RST. */
  receive(packet: Packet): void {
    this.tcp.receive(packet);
  }

  private accept(endpoint: TcpEndpoint): TcpHandlers {
    const { tls, statusFor, onRefused } = this.parts;
    const { flow } = endpoint;
    const tell = (status: number): void => onRefused(flow, status);
    const plain = (stream: ByteStream): Visitor => new Visitor(stream, statusFor(flow), tell);
    if (tls === null) return plain(endpoint);
    const server = { ...tls, certReqs: CERT_REQS.none, ca: '' };
    const stream = new TlsStream(tls.counters, FREE_PROCESSOR, (owner) => new ServerHandshake(owner, server));
    stream.attach(endpoint);
    stream.setHandlers(plain(stream));
    return stream;
  }
}

/** Whoever is caught, until it has its answer. */
class Visitor {
  private readonly stream: ByteStream;
  private readonly status: number;
  private readonly onAnswered: (status: number) => void;
  private request = '';

  constructor(stream: ByteStream, status: number, onAnswered: (status: number) => void) {
    this.stream = stream;
    this.status = status;
    this.onAnswered = onAnswered;
  }

  onConnect(): void {}

  onReadable(): void {
    const { stream, status } = this;
    if (stream.readableBytes > 0) this.request += stream.read(MAX_HEAD_BYTES);
    if (splitHead(this.request) !== null) {
      this.onAnswered(status);
      stream.write(answer(status, REDIRECTS.includes(status) ? PAGE : ''));
      stream.release();
    } else if (stream.atEnd || this.request.length >= MAX_HEAD_BYTES) stream.release();
  }

  onDrain(): void {}

  onClose(): void {}

  onTlsFailure(): void {}
}
