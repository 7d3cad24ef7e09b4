/**
 * A balancer or reverse proxy in front of the relay: a machine that ends the boards' TCP and opens
 * connections of its own to the relay, one for each.
 *
 * What is on a board's link is what is between it and this machine; the way from here to the relay has no
 * weather. Not modelled: several relays behind it, connections kept open for the next client, its own
 * restarts, limits of its memory. TLS it does not end: with it, bytes pass as they are.
 */
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import type { TcpEndpoint } from '../tcp/endpoint.ts';
import { type TcpCounters, TcpMachine } from '../tcp/host.ts';
import type { SocketSnapshot } from '../tcp/netstat.ts';
import { RELAY_TCP } from '../tcp/parameters.ts';
import type { Packet } from '../wire/packet.ts';
import { BalancedConnection } from './connection.ts';
import { Ports } from './ports.ts';
import type { BalancerSettings } from './settings.ts';

/** One way between two machines of a data centre, µs [assumed]. */
const NEAR_US = 250;

export interface BalancerParts {
  kernel: Timeline;
  /** Of what passes on the boards' links. */
  counters: TcpCounters;
  settings: BalancerSettings;
  /** The machine's own stream, and one for what it draws for this client. */
  random: RandomStream;
  randomFor: (flow: number) => RandomStream;
  /** A relay that refuses does so after its TCP has accepted, by RST, before it has said anything. */
  refusesLate?: boolean;
  /** Sends a packet down the link of the board that its flow belongs to. */
  transmit: (packet: Packet) => void;
  /** Told when it answers in the relay's stead. */
  onRefused?: (flow: number, status: number) => void;
  /** Hands one to the relay's machine. */
  toRelay: (packet: Packet) => void;
}

export class Balancer {
  private readonly parts: BalancerParts;
  private readonly front: TcpMachine;
  private readonly back: TcpMachine;
  private readonly connections = new Set<BalancedConnection>();
  /** Of its connections to the relay. */
  private readonly ports: Ports;
  private current: BalancerSettings;

  constructor(parts: BalancerParts) {
    const { kernel, counters, random, transmit, toRelay } = parts;
    this.parts = parts;
    this.current = parts.settings;
    const phaseUs = Math.floor(random.next() * RELAY_TCP.jiffyMs * US_PER_MS);
    const relay = { onEvent: (packet: unknown) => toRelay(packet as Packet) };
    this.front = new TcpMachine(kernel, RELAY_TCP, phaseUs, counters, transmit);
    this.back = new TcpMachine(kernel, RELAY_TCP, phaseUs, noCounters(), (packet) =>
      kernel.schedule(kernel.nowUs + NEAR_US, relay, packet),
    );
    this.ports = new Ports(kernel);
    this.back.onClosed = (endpoint) => this.ports.giveBack(endpoint.inTimeWait);
    this.front.listen((client) => this.accept(client));
  }

  get settings(): BalancerSettings {
    return this.current;
  }

  /** Its connections with boards, and with the relay. */
  sockets(): { front: SocketSnapshot[]; back: SocketSnapshot[] } {
    return { front: this.front.snapshot(), back: this.back.snapshot() };
  }

  /** Changes some settings, for connections that are there too. @returns what they were */
  change(settings: Partial<BalancerSettings>): Partial<BalancerSettings> {
    const before = this.current;
    this.current = { ...before, ...settings };
    for (const connection of [...this.connections]) connection.setSettings(this.current);
    return Object.fromEntries(Object.keys(settings).map((name) => [name, before[name as keyof BalancerSettings]]));
  }

  /** A packet has come up a board's link. */
  receive(packet: Packet): void {
    this.front.receive(packet);
  }

  /** The relay's machine sends a packet. */
  readonly fromRelay = (packet: Packet): void => {
    const { kernel } = this.parts;
    kernel.schedule(kernel.nowUs + NEAR_US, this.relayEnd, packet);
  };

  private readonly relayEnd = { onEvent: (packet: unknown): void => this.back.receive(packet as Packet) };

  private accept(client: TcpEndpoint): BalancedConnection {
    const { kernel, randomFor, refusesLate = false, onRefused } = this.parts;
    const { flow } = client;
    const { lifetimeSpreadMs } = this.current;
    const connection: BalancedConnection = new BalancedConnection(client, {
      kernel,
      settings: this.current,
      refusesLate,
      dial: (handlers) => (this.ports.take(this.current.ports) ? this.back.connect(flow, handlers) : null),
      lifetimeShare: lifetimeSpreadMs > 0 ? randomFor(flow).next() : 0,
      onRefused: (status) => onRefused?.(flow, status),
      onOver: () => this.connections.delete(connection),
    });
    this.connections.add(connection);
    client.setHandlers(connection);
    connection.start();
    return connection;
  }
}

/** What passes behind a balancer is on no board's link. */
export function noCounters(): TcpCounters {
  return { segments: 0, retransmits: 0 };
}
