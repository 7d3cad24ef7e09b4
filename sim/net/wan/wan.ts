/**
 * What is between the boards' links and the relay's machine: the router, with what it has forgotten and the
 * portal that may stand in its way; the address at which the relay is; a balancer.
 *
 * A board that none of it concerns pays for a look at a flag. Packets that are lost here have passed their
 * link, so a tap on it has seen them delivered. Not modelled: delay and loss of this way, which are the
 * link's settings; several addresses of one name.
 */
import type { RandomStream } from '../../kernel/random.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { Balancer, noCounters } from '../balancer/balancer.ts';
import type { BalancerSettings } from '../balancer/settings.ts';
import { type TcpCounters, TcpMachine } from '../tcp/host.ts';
import { RELAY_TCP } from '../tcp/parameters.ts';
import { type Packet, SYN } from '../wire/packet.ts';
import { RELAY_ADDRESS } from './address.ts';
import { CaptivePortal, type PortalTls } from './captive-portal.ts';

/** Of a board's connections; it has at most 16 at a time, and older ones are over. */
const KNOWN_ADDRESSES = 16;

export interface WanParts {
  kernel: Timeline;
  /** Of what passes on the boards' links. */
  counters: TcpCounters;
  /** By which link a flow goes, and which of that board's connections it is, the newest the highest. */
  boardOf(flow: number): number;
  connectionOf(flow: number): number;
  /** null: nothing stands before the relay. */
  balancer: BalancerSettings | null;
  random(name: string): RandomStream;
  /** Of what the balancer draws for the connections of this board. */
  randomFor(board: number): RandomStream;
  /** The relay refuses by RST after its TCP has accepted. */
  refusesLate?: boolean;
  /** Asked for when a portal first stands in somebody's way; null: no TLS. */
  portalTls(): PortalTls | null;
  /** Somebody has answered in the relay's stead. */
  onRefused(flow: number, status: number): void;
  sendDown(packet: Packet): void;
  toRelay(packet: Packet): void;
}

/** What is different for one board. */
interface Detour {
  /** Of the portal's answers; 0: no portal. */
  portalStatus: number;
  /** Its connections up to this one are forgotten. */
  forgottenUpTo: number;
  /** Connections from that one on went to this address, the latest last. */
  readonly addresses: { from: number; address: string }[];
}

export class Wan {
  readonly balancer: Balancer | null;
  /** Of what the relay's machine sends: with a balancer none of it is on a link. */
  readonly relayCounters: TcpCounters;
  private readonly parts: WanParts;
  private readonly detours: (Detour | undefined)[] = [];
  /** Nobody listens there. */
  private readonly nobody: TcpMachine;
  private portal: CaptivePortal | null = null;
  /** Where the relay is, and what is at all other addresses. */
  place: { readonly address: string; readonly elsewhere: 'silent' | 'refuses' } = { address: RELAY_ADDRESS, elsewhere: 'silent' };

  constructor(parts: WanParts) {
    const { kernel, counters, random, randomFor, refusesLate, onRefused, sendDown, toRelay } = parts;
    this.parts = parts;
    this.balancer =
      parts.balancer &&
      new Balancer({
        kernel,
        counters,
        settings: parts.balancer,
        random: random('balancer'),
        randomFor: (flow) => randomFor(parts.boardOf(flow)),
        refusesLate,
        onRefused,
        transmit: (packet) => this.down(packet),
        toRelay,
      });
    this.relayCounters = this.balancer === null ? counters : noCounters();
    this.nobody = new TcpMachine(kernel, RELAY_TCP, 0, counters, sendDown);
  }

  /** A packet has come up a board's link. */
  up(packet: Packet): void {
    const detour = this.detourOf(packet);
    if (detour === null) this.arrive(packet);
    else this.upDetour(packet, detour);
  }

  /** The relay's machine sends a packet. */
  readonly fromRelay = (packet: Packet): void => {
    if (this.balancer === null) this.down(packet);
    else this.balancer.fromRelay(packet);
  };

  /** The portal that stands in a board's way answers so; 0: none does. */
  portalStatus(board: number): number {
    return this.detours[board]?.portalStatus ?? 0;
  }

  setPortal(board: number, status: number): void {
    this.detour(board).portalStatus = status;
  }

  /** The router knows nothing any more of a board's connections up to this one. */
  forget(board: number, connection: number): void {
    this.detour(board).forgottenUpTo = connection;
  }

  /** A board opens a connection to this address. */
  route(board: number, connection: number, address: string): void {
    const before = this.detours[board]?.addresses.at(-1)?.address ?? RELAY_ADDRESS;
    if (before === address) return;
    const { addresses } = this.detour(board);
    addresses.push({ from: connection, address });
    if (addresses.length > KNOWN_ADDRESSES) addresses.shift();
  }

  private upDetour(packet: Packet, detour: Detour): void {
    const connection = this.parts.connectionOf(packet.flow);
    if (packet.flags & SYN && connection <= detour.forgottenUpTo) detour.forgottenUpTo = connection - 1;
    if (detour.portalStatus > 0) this.openPortal().receive(packet);
    else if (connection <= detour.forgottenUpTo) return;
    else if (this.addressOf(detour, connection) === this.place.address) this.arrive(packet);
    else if (this.place.elsewhere === 'refuses') this.nobody.receive(packet);
  }

  private arrive(packet: Packet): void {
    if (this.balancer === null) this.parts.toRelay(packet);
    else this.balancer.receive(packet);
  }

  private down(packet: Packet): void {
    const { connectionOf, sendDown } = this.parts;
    const detour = this.detourOf(packet);
    if (detour !== null) {
      const connection = connectionOf(packet.flow);
      if (detour.portalStatus > 0 || connection <= detour.forgottenUpTo) return;
      if (this.addressOf(detour, connection) !== this.place.address) return;
    }
    sendDown(packet);
  }

  /** null: it goes to the relay as if there were nothing between. */
  private detourOf({ flow }: Packet): Detour | null {
    const board = this.parts.boardOf(flow);
    const detour = this.detours[board];
    if (detour !== undefined) return detour;
    return this.place.address === RELAY_ADDRESS ? null : this.detour(board);
  }

  private addressOf({ addresses }: Detour, connection: number): string {
    return addresses.findLast(({ from }) => from <= connection)?.address ?? RELAY_ADDRESS;
  }

  private detour(board: number): Detour {
    this.detours[board] ??= { portalStatus: 0, forgottenUpTo: 0, addresses: [] };
    return this.detours[board];
  }

  private openPortal(): CaptivePortal {
    const { kernel, counters, boardOf, onRefused, sendDown, portalTls } = this.parts;
    this.portal ??= new CaptivePortal({
      kernel,
      counters,
      tls: portalTls(),
      statusFor: (flow) => this.portalStatus(boardOf(flow)),
      onRefused,
      transmit: sendDown,
    });
    return this.portal;
  }
}
