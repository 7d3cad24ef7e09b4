/** The TCP of one machine: its endpoints by flow, a listener, and RST for packets that belong to nobody. */
import type { Timeline } from '../../kernel/timeline.ts';
import { usFromMs } from '../../kernel/units.ts';
import { boardOf } from '../wire/flow.ts';
import { ACK, ICMP, Packet, RST, SYN } from '../wire/packet.ts';
import { TcpEndpoint, type TcpHandlers, type TcpHost } from './endpoint.ts';
import { type AcceptHandler, Listener, type ListenSettings, TAKES_ALL } from './listener.ts';
import type { SocketSnapshot } from './netstat.ts';
import type { TcpParameters } from './parameters.ts';

export interface TcpCounters {
  segments: number;
  retransmits: number;
}

/** How long a path's MTU is remembered, ms (net.ipv4.route.mtu_expires). */
const PATH_MTU_MS = 600_000;

export class TcpMachine implements TcpHost {
  readonly kernel: Timeline;
  readonly parameters: TcpParameters;
  readonly phaseUs: number;
  private readonly send: (packet: Packet) => void;
  private readonly counters: TcpCounters;
  private readonly endpoints = new Map<number, TcpEndpoint>();
  /** Whom the last packet was for: a board has one connection as a rule, and need not look it up. */
  private latest: TcpEndpoint | null = null;
  /** Told of each endpoint that is closed, for whoever counts them. */
  onClosed: ((endpoint: TcpEndpoint) => void) | null = null;
  private listener: Listener | null = null;
  /** By board: the data that a segment to it may carry, as ICMP said last, and until when that counts, µs. */
  private readonly pathMss = new Map<number, { bytes: number; untilUs: number }>();

  /** @param send hands a packet to the machine's link @param counters shared by all machines of a world */
  constructor(kernel: Timeline, parameters: TcpParameters, phaseUs: number, counters: TcpCounters, send: (packet: Packet) => void) {
    this.kernel = kernel;
    this.parameters = parameters;
    this.phaseUs = phaseUs;
    this.counters = counters;
    this.send = send;
  }

  get endpointCount(): number {
    return this.endpoints.size;
  }

  /** Every connection that is not over, in the order in which they began. */
  snapshot(): SocketSnapshot[] {
    return [...this.endpoints.values()].map((endpoint) => endpoint.snapshot());
  }

  /**
   * Accepts connections from now on, or (null) answers SYNs with RST. @param settings left out: each is taken
   * as it comes
   */
  listen(accept: AcceptHandler | null, settings: ListenSettings = TAKES_ALL): void {
    this.listener?.close();
    this.listener = accept && new Listener(this.kernel, accept, settings);
  }

  /** The process takes connections again: those that wait, as long as it is ready for more. */
  takeWaiting(): void {
    this.listener?.takeWaiting();
  }

  connect(flow: number, handlers: TcpHandlers): TcpEndpoint {
    const endpoint = new TcpEndpoint(this, flow, handlers, false);
    this.endpoints.set(flow, endpoint);
    endpoint.connect();
    return endpoint;
  }

  receive(packet: Packet): void {
    const endpoint = this.endpointOf(packet.flow);
    if (packet.flags & ICMP) {
      if (this.parameters.dontFragment) this.onTooBig(packet, endpoint);
    } else if (endpoint !== null) endpoint.receive(packet);
    else if (packet.flags & RST) return;
    else if (this.listener === null || (packet.flags & (SYN | ACK)) === (SYN | ACK)) this.refuse(packet);
    else if (packet.flags & SYN) this.onSyn(packet, this.listener);
    else this.onAck(packet, this.listener);
  }

  /**
   * The interface or the machine is gone: every connection ends without a packet, and its application is not
   * told.
   */
  forgetAll(): void {
    for (const endpoint of [...this.endpoints.values()]) endpoint.forget();
  }

  /** The address that all are bound to is given up: each ends with RST, and its application is not told. */
  dropAll(): void {
    for (const endpoint of [...this.endpoints.values()]) endpoint.drop();
  }

  /** The process dies: its kernel ends every connection with FIN. */
  releaseAll(): void {
    for (const endpoint of [...this.endpoints.values()]) endpoint.release();
  }

  pathMssOf(flow: number): number {
    const known = this.pathMss.get(boardOf(flow));
    return known !== undefined && known.untilUs > this.kernel.nowUs ? known.bytes : Number.POSITIVE_INFINITY;
  }

  transmit(packet: Packet): void {
    this.counters.segments++;
    this.send(packet);
  }

  countRetransmit(): void {
    this.counters.retransmits++;
  }

  hasRoom(endpoint: TcpEndpoint): boolean {
    return this.listener?.hasRoom(endpoint) ?? false;
  }

  onEndpointClosed(endpoint: TcpEndpoint): void {
    this.listener?.forget(endpoint);
    this.endpoints.delete(endpoint.flow);
    if (this.latest === endpoint) this.latest = null;
    this.onClosed?.(endpoint);
  }

  /** Answers as for a port where nobody listens. */
  refuse(packet: Packet): void {
    this.transmit(new Packet(packet.flow, RST | ACK, packet.ack, packet.seq + packet.length, 0, '', 0, 0, 0, false, null));
  }

  private onTooBig({ flow, mss }: Packet, endpoint: TcpEndpoint | null): void {
    this.pathMss.set(boardOf(flow), { bytes: mss, untilUs: this.kernel.nowUs + usFromMs(PATH_MTU_MS) });
    endpoint?.onTooBig(mss);
  }

  private endpointOf(flow: number): TcpEndpoint | null {
    if (this.latest === null || this.latest.flow !== flow) this.latest = this.endpoints.get(flow) ?? null;
    return this.latest;
  }

  private onSyn(packet: Packet, listener: Listener): void {
    const endpoint = listener.onSyn(packet, (onConnect) => {
      return new TcpEndpoint(this, packet.flow, { onConnect, onReadable() {}, onDrain() {}, onClose() {} }, true);
    });
    if (endpoint === null) return;
    this.endpoints.set(packet.flow, endpoint);
    endpoint.acceptSyn(packet);
  }

  /** Of no connection that is known: the answer to a SYN cookie, or a mistake. */
  private onAck(packet: Packet, listener: Listener): void {
    const endpoint = listener.onAck(packet);
    if (endpoint === null) this.refuse(packet);
    else if (listener.hasRoom(endpoint)) {
      this.endpoints.set(packet.flow, endpoint);
      endpoint.receive(packet);
    }
  }
}
