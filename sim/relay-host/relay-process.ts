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
import { WORLD_EPOCH_MS } from '../kernel/calendar.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { TcpEndpoint, TcpHandlers } from '../net/tcp/endpoint.ts';
import type { ByteStream } from '../net/wire/byte-stream.ts';
import { EndpointDuplex } from '../net/wire/duplex.ts';
import { boardOf, connectionOf } from '../net/wire/flow.ts';
import { RelayClock } from './relay-clock.ts';
import type { ProcessLife } from './relay-events.ts';
import { RelayTls, type RelayTlsSettings } from './relay-tls.ts';

export interface RelayProcessParts extends Pick<RelayDependencies, 'pages' | 'upgrades'> {
  kernel: Timeline;
  config: Partial<RelayConfig>;
  /** null: plain TCP. */
  tls: RelayTlsSettings | null;
  random: () => number;
  /** Made for this life. */
  observerOf: (life: ProcessLife) => RelayObserver;
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
  /** What waits until the process goes on; null while it runs. */
  private backlog: (() => void)[] | null = null;

  constructor({ kernel, config, tls, random, observerOf, nameOf, pages, upgrades }: RelayProcessParts) {
    this.kernel = kernel;
    const clock = new RelayClock(kernel);
    this.clock = clock;
    this.relay = createRelay({
      clock,
      epochMs: () => WORLD_EPOCH_MS + clock.now(),
      random,
      config: { ...DEFAULT_CONFIG, ...config },
      log: NULL_LOG,
      observer: observerOf(this),
      pages,
      upgrades,
      nameOf: (stream) => nameOf(stream) ?? this.front?.nameOf(stream) ?? '',
    });
    this.front = tls && new RelayTls({ ...tls, kernel, relay: this.relay, clock, random });
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
    if (this.backlog !== null) stream.pauseProcess();
    if (tls) return tls.handlers; // the relay hears of it when its handshake is done
    this.serve(stream);
    return stream;
  }

  /** Stops it in its tracks, or lets it go on. @returns false when that changes nothing */
  setHung(on: boolean): boolean {
    const { backlog, clock, front, streams } = this;
    if (on === (backlog !== null)) return false;
    if (on) {
      this.backlog = [];
      clock.pause();
      front?.setPaused(true);
      for (const stream of streams) stream.pauseProcess();
      return true;
    }
    this.backlog = null;
    this.kernel.touchStreams();
    clock.resume();
    front?.setPaused(false);
    for (const stream of [...streams]) stream.resumeProcess();
    for (const work of backlog ?? []) work();
    return true;
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

  /** No close frames: its connections just end. */
  kill(): void {
    this.killed = true;
    this.backlog = null;
    this.clock.stop();
    for (const stream of this.streams) stream.destroy();
  }
}
