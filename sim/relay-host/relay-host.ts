/**
 * The machine that the relay runs on: Linux's TCP, and the relay's own code on Node streams over it. What the relay does becomes events of the world.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DEFAULT_CONFIG, type RelayConfig } from 'relay/config';
import type { RelayConsole } from 'relay/console/console';
import { createDoor } from 'relay/console/door';
import { NULL_LOG } from 'relay/log';
import type { CloseCause, RelayObserver, SessionInfo } from 'relay/observer';
import { observers } from 'relay/observers';
import { createRelay, type Relay } from 'relay/relay';
import type { Guests } from 'relay/server/http';
import { boardId } from '../kernel/board-id.ts';
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import type { Emit, EventName } from '../kernel/events.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { US_PER_MS } from '../kernel/units.ts';
import type { RelayMachine } from '../net/far-end.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import { type TcpCounters, TcpMachine } from '../net/tcp/host.ts';
import { RELAY_TCP } from '../net/tcp/parameters.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import { EndpointDuplex, isVirtual } from '../net/wire/duplex.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import type { Packet } from '../net/wire/packet.ts';
import { ExternalClients } from './external-clients.ts';
import { RelayClock } from './relay-clock.ts';
import { RelayTls, type RelayTlsSettings } from './relay-tls.ts';
import { WiredClient } from './wired-client.ts';

export interface RelayHostParts {
  kernel: Timeline;
  counters: TcpCounters;
  config: Partial<RelayConfig>;
  /** null: plain TCP. */
  tls: RelayTlsSettings | null;
  /** The machine's own stream, and one for what its process draws while it serves this board: a board more changes nobody else's pings. */
  random: RandomStream;
  randomFor: (board: number) => RandomStream;
  /** Sends a packet down the link of the board that its flow belongs to. */
  transmit: (packet: Packet) => void;
  emit: Emit;
}

/** What real clients have proved to be called. */
const externalNames = new WeakMap<Duplex, string>();

export class RelayHost implements RelayMachine {
  /** Clients that come over real sockets, in a live run. */
  readonly external = new ExternalClients();
  private readonly externalSockets = new Set<Socket>();
  private readonly parts: RelayHostParts;
  private readonly tcp: TcpMachine;
  private readonly streams = new Set<EndpointDuplex>();
  private readonly luck = new Map<number, RandomStream>();
  /** Whose packet came last: what the process does now, it does for that board. */
  private servedFlow = 0;
  private relay: Relay | null = null;
  private life: ProcessLife | null = null;
  private wired: WiredClient | null = null;
  /** Connections that wait for a process that stands still; null while it runs. */
  private backlog: (() => void)[] | null = null;
  private front: RelayTls | null = null;
  /** The console of a live run, and who serves it while the process is down. */
  private page: RelayConsole | null = null;
  private door: Server | null = null;

  constructor(parts: RelayHostParts) {
    this.parts = parts;
    const phaseUs = Math.floor(parts.random.next() * RELAY_TCP.jiffyMs * US_PER_MS);
    this.tcp = new TcpMachine(parts.kernel, RELAY_TCP, phaseUs, parts.counters, parts.transmit);
  }

  get running(): boolean {
    return this.relay !== null;
  }

  /** Serves this console beside the relay. To be called before the start; whoever looks at it stays when the process is killed. */
  show(page: RelayConsole): void {
    this.page = page;
    this.door = createDoor({ pages: page.pages, guests: this.guestsOf(page) });
  }

  /** Starts the relay's process. */
  start(): void {
    const { kernel, config, tls, emit } = this.parts;
    const clock = new RelayClock(kernel);
    const life: ProcessLife = { clock, killed: false };
    const relay = createRelay({
      clock,
      epochMs: () => WORLD_EPOCH_MS + clock.now(),
      random: () => this.draw(),
      config: { ...DEFAULT_CONFIG, ...config },
      log: NULL_LOG,
      observer: observers([observerOf(emit, life, this.external), ...(this.page ? [consoleObserver(this.page, life)] : [])]),
      pages: this.page?.pages,
      guests: this.page ? this.guestsOf(this.page) : undefined,
      nameOf: (stream) => (stream instanceof WiredClient ? stream.id : (externalNames.get(stream) ?? this.front?.nameOf(stream) ?? '')),
    });
    this.front = tls && new RelayTls({ ...tls, kernel, relay, clock, random: () => this.draw() });
    this.life = life;
    this.relay = relay;
    this.tcp.listen((endpoint) => this.accept(endpoint, relay));
  }

  /** Kills the process: no close frames; the kernel ends every connection with FIN and refuses new ones. */
  kill(): void {
    if (!this.life) return;
    this.life.killed = true;
    this.backlog = null;
    this.life.clock.stop();
    this.tcp.listen(null);
    for (const stream of this.streams) stream.destroy();
    for (const socket of this.externalSockets) socket.destroy();
    this.wired?.destroy();
    this.tcp.releaseAll();
    this.relay?.server.close();
    this.life = null;
    this.relay = null;
  }

  /** Stops the process in its tracks, or lets it go on. @returns false when that changes nothing */
  setHung(on: boolean): boolean {
    if (!this.life || on === (this.backlog !== null)) return false;
    const { clock } = this.life;
    if (on) {
      this.backlog = [];
      clock.pause();
      this.front?.setPaused(true);
      for (const stream of this.streams) stream.pauseProcess();
      return true;
    }
    const backlog = this.backlog ?? [];
    this.backlog = null;
    this.parts.kernel.touchStreams();
    clock.resume();
    this.front?.setPaused(false);
    for (const stream of [...this.streams]) stream.resumeProcess();
    for (const accept of backlog) accept();
    return true;
  }

  /** Ends the session of this id, as the operator of the relay does. @returns false when there is none, or nobody to do it */
  kick(id: string): boolean {
    if (this.relay === null || this.backlog !== null) return false;
    this.parts.kernel.touchStreams();
    return this.relay.kick(id);
  }

  /** Says goodbye to everybody with a close frame, as a relay that is asked to stop. */
  async farewell(): Promise<void> {
    await this.relay?.close();
  }

  /** The client on the relay's own network; it connects anew when the relay was restarted. null: the relay is down. */
  wiredClient(): WiredClient | null {
    const { relay } = this;
    if (relay === null) return null;
    if (this.wired === null || this.wired.destroyed) {
      const client = new WiredClient(this.parts.kernel);
      this.wired = client;
      const hand = (): void => void relay.server.emit('connection', client);
      if (this.backlog === null) hand();
      else this.backlog.push(hand);
    }
    return this.wired;
  }

  /** A real client has connected to the port of a live run. @param name what its certificate calls it */
  acceptExternal(socket: Socket, name = ''): void {
    externalNames.set(socket, name);
    const { relay } = this;
    if (relay === null) {
      if (this.door) this.door.emit('connection', socket);
      else socket.resetAndDestroy();
      return;
    }
    this.externalSockets.add(socket);
    socket.on('close', () => this.externalSockets.delete(socket));
    const hand = (): void => void relay.server.emit('connection', socket);
    if (this.backlog === null) hand();
    else this.backlog.push(hand);
  }

  receive(packet: Packet): void {
    this.servedFlow = packet.flow;
    this.tcp.receive(packet);
  }

  private guestsOf({ guests }: RelayConsole): Guests {
    return (request, stream, head, stay) =>
      guests(request, stream, head, () => {
        this.externalSockets.delete(stream as Socket);
        stay();
      });
  }

  private draw(): number {
    const board = boardOf(this.servedFlow);
    let stream = this.luck.get(board);
    if (!stream) {
      stream = this.parts.randomFor(board);
      this.luck.set(board, stream);
    }
    return stream.next();
  }

  private accept(endpoint: TcpEndpoint, relay: Relay): TcpHandlers {
    const { kernel } = this.parts;
    const [board, connection] = [boardOf(endpoint.flow), connectionOf(endpoint.flow)];
    const createStream = (bytes: ByteStream): EndpointDuplex => new EndpointDuplex(kernel, bytes, board, connection, boardId(board));
    const tls = this.front?.accept(endpoint, createStream);
    const stream = tls?.stream ?? createStream(endpoint);
    this.streams.add(stream);
    stream.on('close', () => this.streams.delete(stream));
    kernel.touchStreams();
    if (tls) {
      if (this.backlog !== null) stream.pauseProcess();
      return tls.handlers;
    }
    const hand = (): void => void relay.server.emit('connection', stream);
    if (this.backlog === null) hand();
    else {
      stream.pauseProcess();
      this.backlog.push(hand);
    }
    return stream;
  }
}

/** From one start of the relay's process to its end. */
interface ProcessLife {
  clock: RelayClock;
  killed: boolean;
}

/** A killed relay only sees its streams break; that it was killed is the cause. */
function causeOf(cause: CloseCause, { killed }: ProcessLife): CloseCause {
  return killed ? 'shutdown' : cause;
}

function consoleObserver({ observer }: RelayConsole, life: ProcessLife): RelayObserver {
  return { ...observer, sessionClosed: (session, cause, code) => observer.sessionClosed(session, causeOf(cause, life), code) };
}

/** Tells the world what the relay's observer hears. */
function observerOf(emit: Emit, life: ProcessLife, external: ExternalClients): RelayObserver {
  const tell = (event: EventName, session: SessionInfo, subject: string, detail: string, value: number): void => {
    const { stream } = session;
    if (isVirtual(stream)) emit(event, stream.board, stream.connection, subject, detail, value);
    else noteExternal(external, event);
  };
  return {
    sessionOpened: (session) => tell('ws.open', session, '', '', 0),
    refused: (stream, _id, reason, status) => {
      if (isVirtual(stream)) emit('ws.refused', stream.board, stream.connection, '', reason, status);
    },
    messageReceived: (session, bytes, binary) => tell('relay.received', session, binary ? 'binary' : 'text', '', bytes),
    messageSent: (session, bytes, kind) => tell('relay.sent', session, kind, '', bytes),
    messageDropped: (session, bytes) => tell('relay.dropped', session, '', '', bytes),
    pingSent: (session, bytes) => tell('relay.ping', session, '', '', bytes),
    pongReceived: (session, rttMs, bytes) => tell('relay.pong', session, '', String(rttMs), bytes),
    pingAnswered: (session, bytes) => tell('relay.ping_answered', session, '', '', bytes),
    sessionClosed: (session, cause, code) => tell('ws.close', session, '', causeOf(cause, life), code),
  };
}

function noteExternal(external: ExternalClients, event: EventName): void {
  if (event === 'ws.open') external.opened();
  else if (event === 'ws.close') external.closed();
  else if (event === 'relay.received') external.tally.messages_received++;
  else if (event === 'relay.sent') external.tally.messages_sent++;
}
