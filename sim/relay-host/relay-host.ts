/**
 * The machine that the relay runs on: Linux's TCP, the relay's process while there is one, and the clients
 * that come by other ways than a board's link. What the relay does becomes events of the world.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RelayConfig } from 'relay/config';
import type { RelayConsole } from 'relay/console/console';
import { createConsoleServer } from 'relay/console/console-server';
import { observers } from 'relay/observers';
import type { UpgradeHandler } from 'relay/server/http';
import type { UpdateShelf } from 'relay/updates/update-shelf';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import type { Emit } from '../kernel/events.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { msFromUs, US_PER_MS } from '../kernel/units.ts';
import type { RelayMachine } from '../net/far-end.ts';
import { type TcpCounters, TcpMachine } from '../net/tcp/host.ts';
import type { SocketSnapshot } from '../net/tcp/netstat.ts';
import { RELAY_TCP } from '../net/tcp/parameters.ts';
import type { Identity } from '../net/tls/certificates.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import type { Packet } from '../net/wire/packet.ts';
import { ExternalClients } from './external-clients.ts';
import { consoleObserver, type HearMessage, hearingObserver, observerOf } from './relay-events.ts';
import { RelayProcess } from './relay-process.ts';
import type { RelayTlsSettings } from './relay-tls.ts';
import { WiredClient } from './wired-client.ts';

export interface RelayHostParts {
  kernel: Timeline;
  counters: TcpCounters;
  config: Partial<RelayConfig>;
  /** Firmware that it offers to boards. */
  updates?: UpdateShelf;
  /** What the relay asks of listen(2), connections. */
  backlog: number;
  /** What its process computes for each connection that it takes, ms. */
  acceptMs: number;
  /** null: plain TCP. */
  tls: RelayTlsSettings | null;
  /**
   * The machine's own stream, and one for what its process draws while it serves this board: a board more
   * changes nobody else's pings.
   */
  random: RandomStream;
  randomFor: (board: number) => RandomStream;
  /** Sends a packet down the link of the board that its flow belongs to. */
  transmit: (packet: Packet) => void;
  emit: Emit;
}

/** Linux's bound of what may be asked of listen(2): net.core.somaxconn since 5.4. */
const SOMAXCONN = 4_096;

export class RelayHost implements RelayMachine {
  /** Clients that come over real sockets, in a live run. */
  readonly external = new ExternalClients();
  private readonly externalSockets = new Set<Socket>();
  /** What real clients have proved to be called. */
  private readonly externalNames = new WeakMap<Duplex, string>();
  private readonly parts: RelayHostParts;
  private readonly tcp: TcpMachine;
  private readonly streamsByBoard = new Map<number, RandomStream>();
  /** Whose packet came last: what the process does now, it does for that board. */
  private servedFlow = 0;
  private process: RelayProcess | null = null;
  private wired: WiredClient | null = null;
  private hearing: HearMessage | null = null;
  /** By how much the machine's calendar is ahead of the world's, ms. */
  private clockAheadMs = 0;
  /** False: nothing that comes is answered. */
  private powered = true;
  /** The console of a live run, and who serves it while the process is down. */
  private page: RelayConsole | null = null;
  private consoleServer: Server | null = null;

  constructor(parts: RelayHostParts) {
    this.parts = parts;
    const phaseUs = Math.floor(parts.random.next() * RELAY_TCP.jiffyMs * US_PER_MS);
    this.tcp = new TcpMachine(parts.kernel, RELAY_TCP, phaseUs, parts.counters, parts.transmit);
  }

  tcpSockets(): SocketSnapshot[] {
    return this.tcp.snapshot();
  }

  get running(): boolean {
    return this.process !== null;
  }

  /** What its calendar says, ms since 1970. */
  epochMs(): number {
    return WORLD_EPOCH_MS + msFromUs(this.parts.kernel.nowUs) + this.clockAheadMs;
  }

  /** Its calendar jumps; what measures time does not. */
  setClock(epochMs: number): void {
    this.clockAheadMs += epochMs - this.epochMs();
  }

  /**
   * Serves this console beside the relay. To be called before the start; whoever looks at it stays when the
   * process is killed.
   */
  show(page: RelayConsole): void {
    this.page = page;
    this.consoleServer = createConsoleServer({ pages: page.pages, upgrades: this.upgradesOf(page) });
  }

  /** From now on who begins a handshake is shown this; nothing without TLS. */
  setIdentity(identity: Identity): void {
    if (this.parts.tls !== null) this.parts.tls.server.identity = identity;
  }

  start(): void {
    const { parts, page, hearing } = this;
    this.powered = true;
    const process = new RelayProcess({
      ...parts,
      random: () => this.draw(),
      epochMs: () => this.epochMs(),
      onReady: () => this.tcp.takeWaiting(),
      observerOf: (life) =>
        observers([
          observerOf(parts.emit, life, this.external),
          ...(page ? [consoleObserver(page, life)] : []),
          ...(hearing ? [hearingObserver(hearing)] : []),
        ]),
      pages: page?.pages,
      upgrades: page ? this.upgradesOf(page) : undefined,
      nameOf: (stream) => (stream instanceof WiredClient ? stream.id : (this.externalNames.get(stream) ?? null)),
    });
    this.process = process;
    this.tcp.listen((endpoint) => process.accept(endpoint), {
      backlog: Math.min(parts.backlog, SOMAXCONN),
      isReady: () => process.isReady,
      onOverflow: (flow, what) => parts.emit('relay.overflow', boardOf(flow), connectionOf(flow), what, '', 0),
    });
  }

  /** Kills the process: no close frames; the kernel ends every connection with FIN and refuses new ones. */
  kill(): void {
    const { process } = this;
    if (process === null) return;
    this.tcp.listen(null);
    process.kill();
    for (const socket of this.externalSockets) socket.destroy();
    this.wired?.destroy();
    this.tcp.releaseAll();
    process.relay.server.close();
    this.process = null;
  }

  /** The machine loses its power: no FIN, no RST, and no answer before it is there again. */
  vanish(): void {
    this.powered = false;
    this.tcp.forgetAll();
    this.kill();
  }

  setHung(on: boolean): boolean {
    return this.process?.setHung(on) ?? false;
  }

  /**
   * Ends the session of this id, as the operator of the relay does. @returns false when there is none, or
   * nobody to do it
   */
  kick(id: string): boolean {
    return this.process?.kick(id) ?? false;
  }

  /** Ids of those who are connected. */
  get clients(): readonly string[] {
    return this.process?.clients ?? [];
  }

  /** Tells the client of this id what firmware there is for it, now or when it comes. */
  offerUpdate(id: string): void {
    this.process?.offerUpdate(id);
  }

  /** Says this to the client of this id, as it is. @returns false when there is none, or nobody to do it */
  send(id: string, text: string): boolean {
    return this.process?.send(id, text) ?? false;
  }

  /**
   * Hears what boards say to the relay, in this process and those after it. To be called
   * before the start.
   */
  hear(listener: HearMessage): void {
    this.hearing = listener;
  }

  /** Says goodbye to everybody with a close frame, as a relay that is asked to stop. */
  async farewell(): Promise<void> {
    await this.process?.relay.close();
  }

  /**
   * The client on the relay's own network; it connects anew when the relay was restarted. null: the relay is
   * down.
   */
  wiredClient(): WiredClient | null {
    const { process } = this;
    if (process === null) return null;
    if (this.wired === null || this.wired.destroyed) {
      this.wired = new WiredClient(this.parts.kernel);
      process.serve(this.wired);
    }
    return this.wired;
  }

  /** A real client has connected to the port of a live run. @param name what its certificate calls it */
  acceptExternal(socket: Socket, name = ''): void {
    this.externalNames.set(socket, name);
    const { process } = this;
    if (process === null) {
      if (this.consoleServer) this.consoleServer.emit('connection', socket);
      else socket.resetAndDestroy();
      return;
    }
    this.externalSockets.add(socket);
    socket.on('close', () => this.externalSockets.delete(socket));
    process.serve(socket);
  }

  receive(packet: Packet): void {
    if (!this.powered) return;
    this.servedFlow = packet.flow;
    this.tcp.receive(packet);
  }

  private upgradesOf({ upgrades }: RelayConsole): UpgradeHandler {
    return (request, stream, head, stay) =>
      upgrades(request, stream, head, () => {
        this.externalSockets.delete(stream as Socket);
        stay();
      });
  }

  private draw(): number {
    const board = boardOf(this.servedFlow);
    let stream = this.streamsByBoard.get(board);
    if (!stream) {
      stream = this.parts.randomFor(board);
      this.streamsByBoard.set(board, stream);
    }
    return stream.next();
  }
}
