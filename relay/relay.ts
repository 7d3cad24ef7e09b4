/**
 * The relay: one process, any number of clients with an id each, and what one says goes to all others.
 *
 * It never listens and reads no global clock, calendar or source of chance: connections come to `server` from
 * a port (server.ts) or, in the simulator, by `server.emit('connection', duplex)`, and the relay does not
 * know which. A `Duplex` that is no socket needs `setTimeout`, `setNoDelay` and `setKeepAlive` that do
 * nothing. All timers are the given clock's; those of Node's HTTP server are off.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import { GOING_AWAY, KICKED, TAKEN_OVER } from 'host/close-codes';
import { AddressLimits } from './admission/address-limits.ts';
import { Connections } from './admission/connections.ts';
import { addressOf, assign, TrustedProxies } from './admission/forwarded.ts';
import {
  type Admission,
  CUT_OFF,
  duplicateOf,
  fullOf,
  hasLostUpgrade,
  judgeUpgrade,
  LEAVING,
  LOST_UPGRADE,
  type ParseError,
  type Refusal,
  refusalOfBytes,
  tooMany,
  WRONG_METHOD,
} from './admission/handshake.ts';
import { MemoryBound } from './admission/memory-bound.ts';
import { Refusals } from './admission/refusals.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { Verdict as Claimed } from './cluster/leases.ts';
import type { Said } from './cluster/notes.ts';
import type { RelayConfig } from './config.ts';
import type { Relay, RelayDependencies } from './dependencies.ts';
import type { LogFields, RelayLog } from './log.ts';
import { type CloseCause, NULL_OBSERVER, type RefusalReason, type RelayObserver, type SessionInfo } from './observer.ts';
import { Registry } from './routing/registry.ts';
import { Router } from './routing/router.ts';
import { answerRequest, type Health, NO_PAGES, NO_UPGRADES, type Pages, type UpgradeHandler } from './server/http.ts';
import { createOneRequestServer, NO_TIME_LIMITS } from './server/one-request.ts';
import { drain } from './session/drain.ts';
import { encodeFrame, TEXT } from './session/frame.ts';
import { Hearing } from './session/hearing.ts';
import { Turn } from './session/outlet.ts';
import { pingPhase as phaseOf } from './session/ping-phase.ts';
import { ReadingBudget } from './session/reading-budget.ts';
import { type Identity, Session, type SessionContext } from './session/session.ts';
import { TokenBucket } from './session/token-bucket.ts';
import { UpdateDesk } from './updates/update-desk.ts';
import { UpdateShelf } from './updates/update-shelf.ts';

export type { Relay, RelayDependencies } from './dependencies.ts';

/** Who makes memory short chooses how often. */
const MAX_SHORT_LINES_PER_S = 1;

export function createRelay(dependencies: RelayDependencies): Relay {
  return new HostedRelay(dependencies);
}

class HostedRelay implements Relay {
  readonly server: Server;
  readonly memory: MemoryBound;
  private readonly config: Readonly<RelayConfig>;
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly log: RelayLog;
  private readonly refusals: Refusals;
  private readonly shortLines: TokenBucket;
  private readonly observer: RelayObserver;
  private readonly nameOf: (stream: Duplex) => string;
  private readonly pages: Pages;
  private readonly upgrades: UpgradeHandler;
  private readonly updates: UpdateDesk;
  private readonly registry = new Registry();
  private readonly router: Router;
  private readonly connections: Connections;
  private readonly addresses: AddressLimits;
  private readonly hearing: Hearing;
  /** There is a keepalive, and turns of an event loop, which may be long. */
  private readonly mayBeDeaf: boolean;
  private readonly proxies: TrustedProxies;
  private readonly sessionContext: SessionContext;
  private readonly cluster: Cluster | null;
  /** An id that goes from a session to the next and stays this node's. */
  private handedOver = '';
  private sessionsOpened = 0;
  private drained: Promise<void> | null = null;
  private closed: Promise<void> | null = null;

  constructor({
    clock,
    epochMs,
    random,
    config,
    log,
    observer = NULL_OBSERVER,
    nameOf = () => '',
    pingPhase = phaseOf,
    pages = NO_PAGES,
    upgrades = NO_UPGRADES,
    updates = new UpdateShelf(),
    afterTurn,
    cluster = null,
  }: RelayDependencies) {
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.log = log;
    this.refusals = new Refusals({ clock, log, observer, nameOf });
    this.observer = observer;
    this.nameOf = nameOf;
    this.pages = pages;
    this.upgrades = upgrades;
    this.cluster = cluster;
    this.updates = new UpdateDesk(updates, log);
    this.router = new Router(config, this.registry, epochMs, cluster);
    this.memory = new MemoryBound(config.maxMemoryBytes, (count) => this.memoryOnShort(count));
    this.shortLines = new TokenBucket(MAX_SHORT_LINES_PER_S, clock.now());
    this.connections = new Connections(clock, config, this.memory);
    this.addresses = new AddressLimits(clock, config.maxPerAddress, config.maxConnectRate);
    this.hearing = new Hearing(clock);
    this.mayBeDeaf = afterTurn !== undefined && config.pingIntervalMs > 0;
    this.proxies = new TrustedProxies(config.trustProxies);
    this.sessionContext = {
      clock,
      pingPhase,
      config,
      observer,
      turn: afterTurn ? new Turn(afterTurn) : null,
      budget: afterTurn ? new ReadingBudget(clock, afterTurn, () => this.router.deliveries) : null,
      memory: this.memory,
      hearing: this.hearing,
      onMessage: (session, payload, binary) => this.sessionOnMessage(session, payload, binary),
      onEnd: (session, cause, code) => this.sessionOnEnd(session, cause, code),
    };
    this.server = this.createServer();
    cluster?.start(this);
  }

  get clients(): number {
    return this.registry.size;
  }

  get health(): Health {
    const status = this.drained !== null ? 'draining' : (this.cluster?.isReady ?? true) ? 'ok' : 'cut_off';
    return { status, clients: this.clients, ...(this.cluster && { cluster: this.cluster.status.state }) };
  }

  get sessions(): Iterable<SessionInfo> {
    return this.registry.all();
  }

  get pending(): number {
    return this.connections.size - this.registry.size;
  }

  refused(stream: Duplex, reason: RefusalReason, code = ''): void {
    this.refusals.note(stream, reason, code ? { code } : {});
  }

  kick(id: string): boolean {
    const session = this.registry.get(id);
    if (session === undefined) return false;
    this.log.info({ id, session: session.number }, 'session is ended by the operator');
    session.close('policy', KICKED, 'ended by the operator');
    return true;
  }

  send(id: string, text: string): boolean {
    const session = this.registry.get(id);
    const body = Buffer.from(text);
    session?.deliver(encodeFrame(TEXT, body), body.length, 'broadcast');
    return session !== undefined;
  }

  /** Of a client of another node. */
  deliver(said: Said): void {
    this.router.passOn(said);
  }

  takenOver(id: string): void {
    this.registry.get(id)?.close('takeover', TAKEN_OVER, 'taken over');
  }

  offerUpdate(id: string): void {
    this.updates.offerTo(this.registry.get(id));
  }

  drain(overMs: number): Promise<void> {
    this.drained ??= drain(this.clock, [...this.registry.all()], overMs);
    return this.drained;
  }

  close(code = GOING_AWAY, reason = 'the relay stops'): Promise<void> {
    if (this.closed !== null) return this.closed;
    this.server.close(() => {}); // called back with an error when the server does not listen, which is fine
    this.connections.destroyPending();
    for (const session of this.registry.all()) session.close('shutdown', code, reason);
    this.closed = this.connections.empty().then(() => {
      this.cluster?.close();
      this.refusals.tellLeftOut();
    });
    return this.closed;
  }

  private createServer(): Server {
    const server = createOneRequestServer(
      { ...NO_TIME_LIMITS, maxHeaderSize: this.config.maxHeaderBytes },
      (request, response) => this.serverOnRequest(request, response),
      (request, stream, head) => {
        if (request.method === 'CONNECT') this.refusals.refuse(stream, WRONG_METHOD);
        else this.serverOnUpgrade(request, stream, head);
      },
    );
    server.on('connection', (stream) => this.serverOnConnection(stream));
    server.on('clientError', (error: ParseError, stream) => this.refusals.refuse(stream, refusalOfBytes(error)));
    return server;
  }

  private serverOnConnection(stream: Duplex): void {
    stream.on('error', ignore);
    const from = addressOf(stream);
    // Of a trusted proxy's connections each counts for its client.
    const address = this.proxies.has(from) ? null : from;
    const reason = this.reasonToDrop(address);
    if (reason !== null) {
      this.refusals.drop(stream, reason);
      return;
    }
    stream.on('close', () => {
      this.connections.remove(stream);
      if (address !== null) this.addresses.leave(address);
    });
    this.connections.add(stream, (reason) => this.refusals.gaveUp(stream, reason));
  }

  /**
   * Why a new connection is not even listened to; null when it is, and then it counts for its address until
   * it ends.
   */
  private reasonToDrop(address: string | null): RefusalReason | null {
    if (this.closed !== null) return 'shutdown';
    const reason = address === null ? null : this.addresses.enter(address);
    if (reason !== null) return reason;
    if (this.pending < this.config.maxPending || this.connections.giveUpOldest()) return null;
    if (address !== null) this.addresses.leave(address);
    return 'pending_full';
  }

  private serverOnRequest(request: IncomingMessage, response: ServerResponse): void {
    this.refusals.beginAnswer(request.socket);
    const refusal = this.meetClient(request) ?? (hasLostUpgrade(request) ? LOST_UPGRADE : null);
    if (refusal === null) answerRequest(request, response, this.health, this.pages);
    else this.refusals.answer(request.socket, response, refusal);
  }

  /**
   * The client behind a trusted proxy, which counts for its address from its request on. @returns why it may
   * not
   */
  private meetClient(request: IncomingMessage): Refusal | null {
    const { socket } = request;
    const client = this.proxies.clientOf(request);
    if (client === null || !assign(socket, client)) return null;
    const reason = this.addresses.enter(client.address);
    if (reason !== null) return tooMany(reason);
    socket.on('close', () => this.addresses.leave(client.address));
    return null;
  }

  private serverOnUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.meetClient(request);
    if (refusal !== null) {
      this.refusals.refuse(stream, refusal);
      return;
    }
    if (this.upgrades(request, stream, head, () => this.connections.keep(stream))) return;
    if (this.drained !== null) {
      this.refusals.refuse(stream, LEAVING);
      return;
    }
    const verdict = judgeUpgrade(request, this.nameOf(stream), this.config, this.registry, this.random);
    if (verdict.refusal !== null) this.refusals.refuse(stream, verdict.refusal);
    else if (this.cluster === null || this.registry.get(verdict.id) !== undefined) this.admit(verdict, stream, head);
    else {
      let takeBack = () => {};
      const streamOnClose = () => takeBack();
      stream.on('close', streamOnClose);
      takeBack = this.cluster.claim(verdict.id, (claimed) => {
        stream.removeListener('close', streamOnClose);
        this.claimOnVerdict(claimed, verdict, stream, head);
      });
    }
  }

  /** The cluster has judged an id, and meanwhile much may have changed. */
  private claimOnVerdict(claimed: Claimed, admission: Admission, stream: Duplex, head: Buffer): void {
    const { id } = admission;
    if (claimed === 'taken') this.refusals.refuse(stream, duplicateOf(id));
    else if (claimed === 'down') this.refusals.refuse(stream, { ...CUT_OFF, id });
    else {
      const isGoing = this.drained !== null || this.closed !== null;
      if (isGoing) this.refusals.refuse(stream, LEAVING);
      else if (this.registry.size >= this.config.maxClients) this.refusals.refuse(stream, fullOf(id));
      else this.admit(admission, stream, head);
      if (this.registry.get(id) === undefined) this.cluster?.leave(id);
    }
  }

  private admit({ id, answer, details }: Admission, stream: Duplex, head: Buffer): void {
    // A peer that has hung up already gets no session.
    if (!stream.readable || !stream.writable) {
      stream.destroy();
      return;
    }
    // What is written together is together already; Node's server sees to it for sockets of its own, but not
    // for those that are handed to it.
    (stream as Socket).setNoDelay();
    stream.write(answer, 'latin1');
    if (head.length > 0) stream.unshift(head);
    this.open({ id, name: this.nameOf(stream) }, stream, details);
  }

  /** The handshake is done. A session that still holds the id is there only if it may be taken over. */
  private open(identity: Identity, stream: Duplex, details: LogFields): void {
    this.handedOver = identity.id;
    this.takenOver(identity.id);
    this.handedOver = '';
    const session = new Session(this.sessionContext, ++this.sessionsOpened, identity, stream);
    this.connections.opened(stream, session);
    this.registry.add(session);
    if (this.mayBeDeaf && this.registry.size === 1) this.hearing.start();
    this.observer.sessionOpened(session);
    this.log.info({ id: session.id, session: session.number, ...details, ...this.refusals.peerOf(stream) }, 'session opened');
    this.updates.offerTo(session);
  }

  private memoryOnShort(count: number): void {
    if (this.shortLines.take(this.clock.now())) this.log.warn({ count }, 'memory is short, the connections that held most were let go');
  }

  private sessionOnMessage(session: Session, payload: Buffer, binary: boolean): void {
    this.observer.messageReceived(session, payload.length, binary);
    this.observer.payloadReceived?.(session, payload, binary);
    if (!this.updates.answer(session, payload, binary)) this.router.route(session, payload, binary);
    this.observer.messageRouted?.(session);
  }

  private sessionOnEnd(session: Session, cause: CloseCause, code: number): void {
    this.registry.remove(session);
    if (session.id !== this.handedOver) this.cluster?.leave(session.id);
    if (this.registry.size === 0) this.hearing.stop();
    this.observer.sessionClosed(session, cause, code);
    this.log.info({ id: session.id, session: session.number, cause, code }, 'session closed');
  }
}

/** Every error is followed by 'close', which is where it is dealt with. */
function ignore(): void {}
