/** What a relay takes from outside: time, chance, where it tells of itself, and what else its port serves. */
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import type { Cluster } from './cluster/cluster.ts';
import type { RelayConfig } from './config.ts';
import type { RelayLog } from './log.ts';
import type { RelayObserver } from './observer.ts';
import type { Pages, UpgradeHandler } from './server/http.ts';

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
  /**
   * Calls back when this turn of the event loop is over: what a client is sent in one turn is written
   * together. Left out: each frame at once.
   */
  afterTurn?: (flush: () => void) => void;
  /** Of which this relay is a node. Left out: it is alone. */
  cluster?: Cluster | null;
}
