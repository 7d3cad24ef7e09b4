/**
 * The relay's process, from one start to its end: its clock, the relay's own code, TLS in front of it, its
 * connections, and what waits for it while it stands still.
 */
import type { Duplex } from 'node:stream';
import { DEFAULT_CONFIG, type RelayConfig } from 'relay/config';
import { NULL_LOG } from 'relay/log';
import type { RelayObserver } from 'relay/observer';
import { createRelay, type Relay, type RelayDependencies } from 'relay/relay';
import { boardId } from '../kernel/board-id.ts';
import type { Timeline } from '../kernel/timeline.ts';
import { usFromMs } from '../kernel/units.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import { EndpointDuplex } from '../net/wire/duplex.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { RelayClock } from './relay-clock.ts';
import type { ProcessLife } from './relay-events.ts';
import { RelayTls, type RelayTlsSettings } from './relay-tls.ts';

export interface RelayProcessParts extends Pick<RelayDependencies, 'pages' | 'upgrades' | 'updates'> {
  kernel: Timeline;
  config: Partial<RelayConfig>;
  /** null: plain TCP. */
  tls: RelayTlsSettings | null;
  random: () => number;
  /** The machine's calendar, ms since 1970. */
  epochMs: () => number;
  /** Made for this life. */
  observerOf: (life: ProcessLife) => RelayObserver;
  /** What it computes for each connection that it takes, ms: nothing else happens meanwhile. */
  acceptMs: number;
  /** It runs again, and takes connections. */
  onReady: () => void;
  /** What a connection has proved to be called, but for those over the world's TLS; null: nothing. */
  nameOf: (stream: Duplex) => string | null;
}

export class RelayProcess implements ProcessLife {
  readonly relay: Relay;
  killed = false;
  private readonly kernel: Timeline;
  private readonly clock: RelayClock;
  private readonly front: RelayTls | null;
  private readonly streams = new Set<EndpointDuplex>();
  private readonly acceptUs: number;
  private readonly onReady: () => void;
  private hung = false;
  /** It computes for a connection that it has taken. */
  private busy = false;
  /** What waits until the process goes on; null while it runs. */
  private backlog: (() => void)[] | null = null;

  constructor({
    kernel,
    config,
    tls,
    random,
    epochMs,
    observerOf,
    acceptMs,
    onReady,
    nameOf,
    pages,
    upgrades,
    updates,
  }: RelayProcessParts) {
    this.kernel = kernel;
    this.acceptUs = usFromMs(acceptMs);
    this.onReady = onReady;
    const clock = new RelayClock(kernel);
    this.clock = clock;
    this.relay = createRelay({
      clock,
      epochMs,
      random,
      config: { ...DEFAULT_CONFIG, ...config },
      log: NULL_LOG,
      observer: observerOf(this),
      pages,
      upgrades,
      updates,
      nameOf: (stream) => nameOf(stream) ?? this.front?.nameOf(stream) ?? '',
    });
    this.front = tls && new RelayTls({ ...tls, kernel, relay: this.relay, clock, random });
  }

  /** Whether it takes connections now. */
  get isReady(): boolean {
    return this.backlog === null;
  }

  /** Work that only a process which runs does: now, or when it goes on. */
  whenRunning(work: () => void): void {
    if (this.backlog === null) work();
    else this.backlog.push(work);
  }

  /** @param stream a connection that its kernel, or a real one, has accepted */
  serve(stream: Duplex): void {
    this.whenRunning(() => void this.relay.server.emit('connection', stream));
  }

  /** A connection over the world's TCP. @returns what handles that end */
  accept(endpoint: TcpEndpoint): TcpHandlers {
    const { kernel, front } = this;
    const [board, connection] = [boardOf(endpoint.flow), connectionOf(endpoint.flow)];
    const createStream = (bytes: ByteStream): EndpointDuplex => new EndpointDuplex(kernel, bytes, board, connection, boardId(board));
    const tls = front?.accept(endpoint, createStream);
    const stream = tls?.stream ?? createStream(endpoint);
    this.streams.add(stream);
    stream.on('close', () => this.streams.delete(stream));
    kernel.touchStreams();
    if (tls === undefined) this.serve(stream); // else the relay hears of it when its handshake is done
    if (this.acceptUs > 0) this.compute();
    return tls?.handlers ?? stream;
  }

  /** Stops it in its tracks, or lets it go on. @returns false when that changes nothing */
  setHung(on: boolean): boolean {
    if (this.hung === on) return false;
    this.hung = on;
    this.setStill();
    return true;
  }

  /** One thread does everything: while it computes, the rest waits. */
  private compute(): void {
    this.busy = true;
    this.setStill();
    const onEvent = (): void => {
      this.busy = false;
      this.setStill();
    };
    this.kernel.schedule(this.kernel.nowUs + this.acceptUs, { onEvent }, null);
  }

  private setStill(): void {
    const { backlog, clock, front, streams } = this;
    const on = this.hung || this.busy;
    if (this.killed || on === (backlog !== null)) return;
    if (on) {
      this.backlog = [];
      clock.pause();
      front?.setPaused(true);
      for (const stream of streams) stream.pauseProcess();
      return;
    }
    this.backlog = null;
    this.kernel.touchStreams();
    clock.resume();
    front?.setPaused(false);
    for (const stream of [...streams]) stream.resumeProcess();
    for (const work of backlog ?? []) work();
    this.onReady();
  }

  /** Ends the session of this id. @returns false when there is none, or when it cannot now */
  kick(id: string): boolean {
    if (this.backlog !== null) return false;
    this.kernel.touchStreams();
    return this.relay.kick(id);
  }

  /** Ids of those who are connected. */
  get clients(): string[] {
    return [...this.relay.sessions].map(({ id }) => id);
  }

  /** Says this to the client of this id. @returns false when there is none, or when it cannot now */
  send(id: string, text: string): boolean {
    if (this.backlog !== null) return false;
    this.kernel.touchStreams();
    return this.relay.send(id, text);
  }

  /** Tells a client what firmware there is for it; one that is not there hears it when it comes. */
  offerUpdate(id: string): void {
    this.whenRunning(() => {
      this.kernel.touchStreams();
      this.relay.offerUpdate(id);
    });
  }

  /** No close frames: its connections just end. */
  kill(): void {
    this.killed = true;
    this.backlog = null;
    this.clock.stop();
    for (const stream of this.streams) stream.destroy();
  }
}
