/** The TCP of one machine: its endpoints by flow, a listener, and RST for packets that belong to nobody. */
import type { Timeline } from '../../kernel/timeline.ts';
import { ACK, Packet, RST, SYN } from '../wire/packet.ts';
import { TcpEndpoint, type TcpHandlers, type TcpHost } from './endpoint.ts';
import type { TcpParameters } from './parameters.ts';

export interface TcpCounters {
  segments: number;
  retransmits: number;
}

/** A new connection at a listener, after its handshake: returns what handles it. */
export type AcceptHandler = (endpoint: TcpEndpoint) => TcpHandlers;

export class TcpMachine implements TcpHost {
  readonly kernel: Timeline;
  readonly parameters: TcpParameters;
  readonly phaseUs: number;
  private readonly send: (packet: Packet) => void;
  private readonly counters: TcpCounters;
  private readonly endpoints = new Map<number, TcpEndpoint>();
  /** Whom the last packet was for: a board has one connection as a rule, and need not look it up. */
  private latest: TcpEndpoint | null = null;
  private accept: AcceptHandler | null = null;

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

  /** Accepts connections from now on, or (null) answers SYNs with RST. */
  listen(accept: AcceptHandler | null): void {
    this.accept = accept;
  }

  connect(flow: number, handlers: TcpHandlers): TcpEndpoint {
    const endpoint = new TcpEndpoint(this, flow, handlers, false);
    this.endpoints.set(flow, endpoint);
    endpoint.connect();
    return endpoint;
  }

  receive(packet: Packet): void {
    const endpoint = this.endpointOf(packet.flow);
    if (endpoint !== null) endpoint.receive(packet);
    else if (packet.flags & SYN && !(packet.flags & ACK) && this.accept) this.onSyn(packet, this.accept);
    else if (!(packet.flags & RST)) this.refuse(packet);
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

  transmit(packet: Packet): void {
    this.counters.segments++;
    this.send(packet);
  }

  countRetransmit(): void {
    this.counters.retransmits++;
  }

  onEndpointClosed(endpoint: TcpEndpoint): void {
    this.endpoints.delete(endpoint.flow);
    if (this.latest === endpoint) this.latest = null;
  }

  /** Answers as for a port where nobody listens. */
  refuse(packet: Packet): void {
    this.transmit(new Packet(packet.flow, RST | ACK, packet.ack, packet.seq + packet.length, 0, '', 0, 0, 0, false, null));
  }

  private endpointOf(flow: number): TcpEndpoint | null {
    if (this.latest === null || this.latest.flow !== flow) this.latest = this.endpoints.get(flow) ?? null;
    return this.latest;
  }

  private onSyn(packet: Packet, accept: AcceptHandler): void {
    const onConnect = (): void => endpoint.setHandlers(accept(endpoint));
    const endpoint = new TcpEndpoint(this, packet.flow, { onConnect, onReadable() {}, onDrain() {}, onClose() {} }, true);
    this.endpoints.set(packet.flow, endpoint);
    endpoint.acceptSyn(packet);
  }
}
