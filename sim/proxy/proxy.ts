/**
 * The proxy: real devices on one side, a real relay on the other, and between them the kit's own links, TCP
 * and toxics on the wall clock.
 *
 * A proxy cannot drop packets of connections that two real kernels hold. So each connection is ended here and
 * carried on by a modelled one, whose packets meet the link: a lost one comes a retransmission later, and
 * everything behind it waits. TLS and WebSocket are bytes like any others.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from 'hal';
import { boardId } from '../kernel/board-id.ts';
import type { CutReason } from '../kernel/events.ts';
import { RandomStreams } from '../kernel/random.ts';
import type { BalancerSettings } from '../net/balancer/settings.ts';
import { Link } from '../net/link/link.ts';
import type { LinkSettings } from '../net/link/settings.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import { type TcpCounters, TcpMachine } from '../net/tcp/host.ts';
import { LINUX, LWIP, RELAY_TCP, type TcpParameters } from '../net/tcp/parameters.ts';
import { Wan } from '../net/wan/wan.ts';
import type { Packet } from '../net/wire/packet.ts';
import type { Address } from './address.ts';
import { Connection, NO_HANDLERS } from './connection.ts';
import { Devices } from './device.ts';
import { listenAt } from './listen.ts';
import { type MqttCounts, MqttWatch } from './mqtt-watch.ts';
import { Toxics } from './toxics.ts';
import { WallKernel } from './wall-kernel.ts';

/** Connections at a time, half-open ones included; each may hold some 600 kB in its buffers. */
export const MAX_CONNECTIONS = 500;

/** Whose TCP the device's side of the model is. */
export const STACKS = { lwip: LWIP, linux: LINUX } as const satisfies Record<string, TcpParameters>;

export interface ProxySettings {
  listen: Address;
  upstream: Address;
  /** The weather of every device's link until somebody changes it. */
  link: LinkSettings;
  /** What stands between the links and the relay; null: nothing. */
  balancer: BalancerSettings | null;
  seed: number;
  stack: keyof typeof STACKS;
}

export interface ProxyCounts {
  devices: number;
  connections: number;
  /** Connections refused at a bound, MAX_CONNECTIONS or that of devices. */
  refused: number;
  upstreamBytes: number;
  downstreamBytes: number;
  segments: number;
  retransmits: number;
  /** null: no connection was MQTT in the clear. */
  mqtt: MqttCounts | null;
}

export class LinkProxy {
  readonly kernel: WallKernel;
  readonly toxics = new Toxics(() => this.applyToxics());
  readonly devices = new Devices((index) => this.link(index));
  readonly streams: RandomStreams;
  private readonly settings: ProxySettings;
  private readonly log: (text: string) => void;
  private readonly server: Server;
  private readonly counters: TcpCounters = { segments: 0, retransmits: 0 };
  private readonly deviceMachine: TcpMachine;
  private readonly relayMachine: TcpMachine;
  readonly wan: Wan;
  private readonly links = new Map<number, Link>();
  private readonly byNumber = new Map<number, Connection>();
  private readonly passed = { upstreamBytes: 0, downstreamBytes: 0 };
  private readonly mqtt = new MqttWatch();
  private readonly cutEverywhere = new Set<CutReason>();
  private lastNumber = 0;
  private refused = 0;
  private relayHung = false;
  /** False: what devices send to the relay is not answered. */
  private relayPowered = true;
  /** Where it listens, with the port that the system chose; as given until `start`. */
  address: Address;
  upstream: Address;

  /** @param log told what happens, a line at a time */
  constructor(settings: ProxySettings, clock: Clock, log: (text: string) => void) {
    this.settings = settings;
    this.log = log;
    this.address = settings.listen;
    this.upstream = settings.upstream;
    this.kernel = new WallKernel(clock);
    this.streams = new RandomStreams(settings.seed);
    const { kernel, counters } = this;
    this.deviceMachine = new TcpMachine(kernel, STACKS[settings.stack], 0, counters, (packet) =>
      this.byNumber.get(packet.flow)?.send('upstream', packet),
    );
    const sendDown = (packet: Packet): void => this.byNumber.get(packet.flow)?.send('downstream', packet);
    this.wan = this.makeWan(settings.balancer, sendDown);
    this.relayMachine = new TcpMachine(kernel, RELAY_TCP, 0, this.wan.relayCounters, this.wan.fromRelay);
    this.setRelay(true);
    this.server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      kernel.enter(() => this.serverOnConnection(socket)),
    );
    this.server.on('error', (error) => this.log(`cannot accept a connection: ${error.message}`));
  }

  get enabled(): boolean {
    return this.server.listening;
  }

  /** Without those that have ended, though their last packets may be under way. */
  get connections(): Connection[] {
    return [...this.byNumber.values()].filter(({ hasEnded }) => !hasEnded);
  }

  get counts(): ProxyCounts {
    const { segments, retransmits } = this.counters;
    const mqtt = this.mqtt.counts.connections === 0 ? null : { ...this.mqtt.counts };
    const sum = { ...this.passed };
    for (const { upstreamBytes, downstreamBytes } of this.byNumber.values()) {
      sum.upstreamBytes += upstreamBytes;
      sum.downstreamBytes += downstreamBytes;
    }
    return { devices: this.devices.count, connections: this.lastNumber, refused: this.refused, ...sum, segments, retransmits, mqtt };
  }

  /** Listens, again if need be. @throws UsageError when the address cannot be had */
  async start(): Promise<void> {
    if (!this.enabled) this.address = await listenAt(this.server, this.address, '--listen');
  }

  /** Stops listening and ends every connection. */
  stop(): void {
    this.endAll('close');
  }

  /** Stops for good, without waiting for devices or a relay that do not read. */
  close(): void {
    this.endAll('drop');
    this.kernel.close();
  }

  /** The link of the device of this 0-based index, whether it has connected yet or not. */
  link(index: number): Link {
    let link = this.links.get(index);
    if (!link) {
      const { kernel } = this;
      link = new Link(this.settings.link, {
        kernel,
        board: index,
        station: { joined: true },
        medium: null,
        dontFragment: { up: this.deviceMachine.parameters.dontFragment, down: this.relayMachine.parameters.dontFragment },
        random: (purpose) => this.streams.stream(`${boardId(index)}/${purpose}`),
        deliverUp: (packet: Packet) => this.wan.up(packet),
        deliverDown: (packet: Packet) => this.deviceMachine.receive(packet),
        onForgotten: (flow) => this.log(`connection ${flow}: forgotten on the way, it was idle for too long`),
      });
      for (const reason of this.cutEverywhere) link.setCut(reason, true);
      this.links.set(index, link);
    }
    return link;
  }

  /** Cuts the links of all devices, those to come included, or takes that reason back. */
  cutAll(reason: CutReason, on: boolean): void {
    if (on) this.cutEverywhere.add(reason);
    else this.cutEverywhere.delete(reason);
    for (const link of this.links.values()) link.setCut(reason, on);
  }

  /** Ends every connection to the relay, and refuses new ones; or lets them through again. */
  setRelay(on: boolean): void {
    this.relayMachine.listen(on ? (endpoint) => this.accept(endpoint) : null);
    if (!on) for (const connection of this.byNumber.values()) connection.loseRelay();
  }

  /**
   * The relay's machine goes away: devices hear nothing of it, the real relay sees its clients leave; or is
   * there again, and resets what it does not know.
   */
  setRelayMachine(on: boolean): void {
    this.relayPowered = on;
    if (!on) for (const connection of this.byNumber.values()) connection.loseRelayMachine();
    this.relayMachine.listen(on ? (endpoint) => this.accept(endpoint) : null);
  }

  setRelayHung(on: boolean): void {
    this.relayHung = on;
    for (const connection of this.byNumber.values()) connection.setRelayHung(on);
  }

  /** The router forgets what a device has open, as far as it is passing anything for it. */
  forgetConnections(device: number): void {
    this.wan.forget(device, this.lastNumber);
  }

  /** A real relay that refuses is met after the model's handshake, as RST. */
  private makeWan(balancer: BalancerSettings | null, sendDown: (packet: Packet) => void): Wan {
    const { kernel, counters, streams } = this;
    return new Wan({
      kernel,
      counters,
      boardOf: (number) => (this.byNumber.get(number)?.device.number ?? 0) - 1,
      connectionOf: (number) => number,
      balancer,
      random: (name) => streams.stream(name),
      randomFor: (device) => streams.stream(`${boardId(device)}/balancer`),
      refusesLate: true,
      portalTls: () => null,
      onRefused: (number, status) => this.log(`connection ${number}: answered ${status} in the relay's stead`),
      onForgotten: (number) => this.log(`connection ${number}: forgotten on the way, the router has another address`),
      sendDown,
      toRelay: (packet) => this.receiveAtRelay(packet),
    });
  }

  private receiveAtRelay(packet: Packet): void {
    if (this.relayPowered) this.relayMachine.receive(packet);
  }

  private serverOnConnection(socket: Socket): void {
    this.forgetWhatIsOver();
    const address = plainAddress(socket.remoteAddress ?? '');
    const number = this.lastNumber + 1;
    const device = this.byNumber.size < MAX_CONNECTIONS ? this.devices.claim(address, number) : null;
    if (device === null) {
      this.refused++;
      this.log(`a connection from ${address} is refused: too many devices or connections`);
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    this.lastNumber = number;
    const { kernel, deviceMachine } = this;
    const connection = new Connection(number, device, socket, {
      kernel,
      deviceMachine,
      connectUpstream: () => connect({ ...this.upstream, allowHalfOpen: true }),
      mqtt: this.mqtt.open(),
      random: (name) => this.streams.stream(`connection-${number}/${name}`),
      log: this.log,
    });
    this.byNumber.set(number, connection);
    this.log(`connection ${number}: device ${device.number} from ${address}`);
    connection.applyToxics(this.toxics.all);
    connection.setRelayHung(this.relayHung);
    connection.open();
  }

  private accept(endpoint: TcpEndpoint): TcpHandlers {
    const connection = this.byNumber.get(endpoint.flow);
    if (connection) return connection.accept(endpoint);
    endpoint.forget(); // the device was gone before its last packets had arrived
    return NO_HANDLERS;
  }

  private endAll(by: 'close' | 'drop'): void {
    if (this.enabled) this.server.close();
    this.kernel.enter(() => {
      for (const connection of this.byNumber.values()) connection.end(by);
    });
  }

  private applyToxics(): void {
    this.kernel.enter(() => {
      for (const connection of this.byNumber.values()) connection.applyToxics(this.toxics.all);
    });
  }

  private forgetWhatIsOver(): void {
    for (const connection of this.byNumber.values()) {
      if (!connection.isOver) continue;
      this.passed.upstreamBytes += connection.upstreamBytes;
      this.passed.downstreamBytes += connection.downstreamBytes;
      this.byNumber.delete(connection.number);
    }
  }
}

/** An IPv4 address as such, though the socket listens on both. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d)/, '');
}
