/**
 * The machine that the relay runs on: Linux's TCP, and the relay's own code on Node streams over it. What the relay does becomes events of the world.
 */

import { DEFAULT_CONFIG, type RelayConfig } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import type { RelayObserver, SessionInfo } from 'relay/observer';
import { createRelay, type Relay } from 'relay/relay';
import { WORLD_EPOCH_MS } from './kernel/calendar.ts';
import type { EventName } from './kernel/events.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { RandomStream } from './kernel/random.ts';
import { boardId } from './kernel/trace.ts';
import { US_PER_MS } from './kernel/units.ts';
import type { ByteStream } from './net/byte-stream.ts';
import { EndpointDuplex } from './net/duplex.ts';
import type { Packet } from './net/packet.ts';
import type { TcpEndpoint, TcpHandlers } from './net/tcp/endpoint.ts';
import { type TcpCounters, TcpMachine } from './net/tcp/host.ts';
import { LINUX, type LinuxParameters } from './net/tcp/parameters.ts';
import { RelayClock } from './relay-clock.ts';
import { RelayTls, type RelayTlsSettings } from './relay-tls.ts';

/**
 * The relay's host runs with `net.ipv4.tcp_rto_min_us=300000`. At Linux's default of 200 ms lwIP's delayed acknowledgement (up to 250 ms) comes after the
 * timeout at times, and segments that were not lost are sent again: harmless, but a loss-free link should show no retransmission.
 */
const RELAY_TCP: LinuxParameters = { ...LINUX, rtoMinMs: 300 };

type Emit = (event: EventName, board: number, connection: number, subject: string, detail: string, value: number) => void;

export interface RelayHostParts {
  kernel: Kernel;
  counters: TcpCounters;
  config: Partial<RelayConfig>;
  /** null: plain TCP. */
  tls: RelayTlsSettings | null;
  /** The machine's own stream, and one for what its process draws while it serves this board: a board more changes nobody else's pings. */
  random: RandomStream;
  randomFor: (board: number) => RandomStream;
  /** Sends a packet down the link of the board that its flow belongs to. */
  transmit: (packet: Packet) => void;
  /** Splits a flow into the board's index and the number of its connection. */
  ownerOf: (flow: number) => { board: number; connection: number };
  emit: Emit;
}

export class RelayHost {
  private readonly parts: RelayHostParts;
  private readonly tcp: TcpMachine;
  private readonly streams = new Set<EndpointDuplex>();
  private readonly luck = new Map<number, RandomStream>();
  /** Whose packet came last: what the process does now, it does for that board. */
  private servedFlow = 0;
  private relay: Relay | null = null;
  private life: ProcessLife | null = null;
  private front: RelayTls | null = null;

  constructor(parts: RelayHostParts) {
    this.parts = parts;
    const phaseUs = Math.floor(parts.random.next() * RELAY_TCP.jiffyMs * US_PER_MS);
    this.tcp = new TcpMachine(parts.kernel, RELAY_TCP, phaseUs, parts.counters, parts.transmit);
  }

  get running(): boolean {
    return this.relay !== null;
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
      observer: observerOf(emit, life),
      nameOf: (stream) => this.front?.nameOf(stream) ?? '',
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
    this.life.clock.stop();
    this.tcp.listen(null);
    for (const stream of this.streams) stream.destroy();
    this.tcp.releaseAll();
    this.relay?.server.close();
    this.life = null;
    this.relay = null;
  }

  receive(packet: Packet): void {
    this.servedFlow = packet.flow;
    this.tcp.receive(packet);
  }

  private draw(): number {
    const { board } = this.parts.ownerOf(this.servedFlow);
    let stream = this.luck.get(board);
    if (!stream) {
      stream = this.parts.randomFor(board);
      this.luck.set(board, stream);
    }
    return stream.next();
  }

  private accept(endpoint: TcpEndpoint, relay: Relay): TcpHandlers {
    const { kernel, ownerOf } = this.parts;
    const { board, connection } = ownerOf(endpoint.flow);
    const createStream = (bytes: ByteStream): EndpointDuplex => new EndpointDuplex(kernel, bytes, board, connection, boardId(board));
    const tls = this.front?.accept(endpoint, createStream);
    const stream = tls?.stream ?? createStream(endpoint);
    this.streams.add(stream);
    stream.on('close', () => this.streams.delete(stream));
    kernel.touchStreams();
    if (tls) return tls.handlers;
    relay.server.emit('connection', stream);
    return stream;
  }
}

/** From one start of the relay's process to its end. */
interface ProcessLife {
  clock: RelayClock;
  killed: boolean;
}

/** Tells the world what the relay's observer hears. */
function observerOf(emit: Emit, life: ProcessLife): RelayObserver {
  const tell = (event: EventName, session: SessionInfo, subject: string, detail: string, value: number): void => {
    const { board, connection } = session.stream as EndpointDuplex;
    emit(event, board, connection, subject, detail, value);
  };
  return {
    sessionOpened: (session) => tell('ws.open', session, '', '', 0),
    refused: (stream, _id, reason, status) => {
      const { board, connection } = stream as EndpointDuplex;
      emit('ws.refused', board, connection, '', reason, status);
    },
    messageReceived: (session, bytes, binary) => tell('relay.received', session, binary ? 'binary' : 'text', '', bytes),
    messageSent: (session, bytes, kind) => tell('relay.sent', session, kind, '', bytes),
    messageDropped: (session, bytes) => tell('relay.dropped', session, '', '', bytes),
    pingSent: (session, bytes) => tell('relay.ping', session, '', '', bytes),
    pongReceived: (session, rttMs, bytes) => tell('relay.pong', session, '', String(rttMs), bytes),
    pingAnswered: (session, bytes) => tell('relay.ping_answered', session, '', '', bytes),
    // A killed relay only sees its streams break; that it was killed is the cause.
    sessionClosed: (session, cause, code) => tell('ws.close', session, '', life.killed ? 'shutdown' : cause, code),
  };
}
