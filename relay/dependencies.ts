/**
 * What a relay takes from outside (time, chance, where it tells of itself, and what else its port serves),
 * and what whoever runs it can do with it.
 */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import type { MemoryBound } from './admission/memory-bound.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { RelayConfig } from './config.ts';
import type { RelayLog } from './log.ts';
import type { RefusalReason, RelayObserver, SessionInfo } from './observer.ts';
import type { Health, Pages, UpgradeHandler } from './server/http.ts';
import type { UpdateShelf } from './updates/update-shelf.ts';

export interface RelayDependencies {
  clock: Clock;
  /** Milliseconds since 1970, for clients to read (`json` envelope); never used to measure time. */
  epochMs: () => number;
  /** Uniform over [0, 1). Makes ids; nothing secret hangs on it. */
  random: () => number;
  config: Readonly<RelayConfig>;
  log: RelayLog;
  observer?: RelayObserver;
  /**
   * What the certificate of a connection's client calls it; '' when it showed none. Left out: nobody has one.
   */
  nameOf?: (stream: Duplex) => string;
  /**
   * By which share of the ping interval a client's second ping comes early, [0, 1). Left out: fixed by the id
   * (ping-phase.ts).
   */
  pingPhase?: (id: string) => number;
  /** What plain HTTP requests can have, beside `/healthz`. */
  pages?: Pages;
  /** Is asked first what an upgrade is for. */
  upgrades?: UpgradeHandler;
  /** Firmware that clients may fetch. Left out: there is none, and still none but the relay can offer any. */
  updates?: UpdateShelf;
  /**
   * Calls back when this turn of the event loop is over: what a client is sent in one turn is written
   * together. Left out: each frame at once.
   */
  afterTurn?: (flush: () => void) => void;
  /** Of which this relay is a node. Left out: it is alone. */
  cluster?: Cluster | null;
}

export interface Relay {
  /** Connections come in here: by `listen`, or by `emit('connection', duplex)`. */
  readonly server: Server;
  /** Open sessions. */
  readonly clients: number;
  /** As `/healthz` has it. */
  readonly health: Health;
  /** Those that are open. */
  readonly sessions: Iterable<SessionInfo>;
  /** Open connections that are no session: in their handshake, plain HTTP, consoles, closing. */
  readonly pending: number;
  /** For all connections together; what stands in front of the relay has its part in it. */
  readonly memory: MemoryBound;
  /**
   * What stands in front of the relay (TLS) turned a connection away, for the log and the observer.
   * @param code the other layer's own word for it, if it has one: letters, digits and underscores
   */
  refused(stream: Duplex, reason: RefusalReason, code?: string): void;
  /**
   * Ends the session of this id because its operator wishes so (cause `policy`, code 4002); the client may
   * come back. @returns false when there is none
   */
  kick(id: string): boolean;
  /**
   * Says this to the client of this id, as it is: no envelope. One that reads too slowly loses it.
   * @returns false when there is none
   */
  send(id: string, text: string): boolean;
  /** Tells a client that is there what firmware there is for it now; newcomers are told in any case. */
  offerUpdate(id: string): void;
  /**
   * Parts with its clients: nobody new is let in (503, and `/healthz` says so), and those who are there are
   * closed with 1012, evenly over this time. The relay still listens; `close` comes next, when the promise
   * resolves or sooner. Further calls get the same promise.
   * @param overMs 0: all at once
   */
  drain(overMs: number): Promise<void>;
  /**
   * Stops: no new connection, a close frame to every session, an end to everything else. Resolves when the
   * last connection is gone, at most `closeTimeoutMs` later. Further calls get the same promise.
   */
  close(code?: number, reason?: string): Promise<void>;
}
