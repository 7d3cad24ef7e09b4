/**
 * The relay: one process, any number of clients with an id each, and what one says goes to all others.
 *
 * It never listens and reads no global clock, calendar or source of chance: connections come to `server` from a port (server.ts) or, in the simulator, by
 * `server.emit('connection', duplex)`, and the relay does not know which. A `Duplex` that is no socket needs `setTimeout`, `setNoDelay` and `setKeepAlive`
 * that do nothing. All timers are the given clock's; those of Node's HTTP server and of ws are off.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from 'hal';
import { WebSocketServer, type Server as WsServer } from 'ws';
import type { RelayConfig } from './config.ts';
import { Connections } from './connections.ts';
import { BAD_HANDSHAKE, BAD_HTTP, judgeUpgrade, LARGE_HEADERS, type Refusal, WRONG_METHOD } from './handshake.ts';
import { answerRequest, writeAnswer } from './http.ts';
import { maxConnections, maxPieces } from './limits.ts';
import type { RelayLog } from './log.ts';
import { NULL_OBSERVER, type RefusalReason, type RelayObserver } from './observer.ts';
import { ReadSocket } from './read-socket.ts';
import { Registry } from './registry.ts';
import { Router } from './router.ts';
import { Session, type SessionContext } from './session.ts';

export interface RelayDependencies {
  clock: Clock;
  /** Milliseconds since 1970, for clients to read (`json` envelope); never used to measure time. */
  epochMs: () => number;
  /** Uniform over [0, 1). Spreads pings and makes ids; nothing secret hangs on it. */
  random: () => number;
  config: Readonly<RelayConfig>;
  log: RelayLog;
  observer?: RelayObserver;
}

export interface Relay {
  /** Connections come in here: by `listen`, or by `emit('connection', duplex)`. */
  readonly server: Server;
  /** Open sessions. */
  readonly clients: number;
  /**
   * Stops: no new connection, a close frame to every session, an end to everything else. Resolves when the last connection is gone, at most
   * `closeTimeoutMs` later. Further calls get the same promise.
   */
  close(code?: number, reason?: string): Promise<void>;
}

const GOING_AWAY = 1001;

/** The largest delay of a Node timer, ms: the one interval of the HTTP server that cannot be switched off comes every 24 days. */
const NEVER_MS = 2 ** 31 - 1;

export function createRelay({ clock, epochMs, random, config, log, observer = NULL_OBSERVER }: RelayDependencies): Relay {
  const registry = new Registry();
  const router = new Router(config, registry, epochMs);
  const connections = new Connections(clock, config.handshakeTimeoutMs);
  const handshakes = createHandshakeServer(config);
  const server = createHttpServer(config);
  /** Connections whose refusal or plain answer is on its way: they are not refused a second time when they linger. */
  const answered = new WeakSet<Duplex>();
  let sessionsOpened = 0;
  let closed: Promise<void> | null = null;

  const context: SessionContext = {
    clock,
    random,
    config,
    observer,
    onMessage(session, payload, binary) {
      observer.messageReceived(session, payload.length, binary);
      router.route(session, payload, binary);
    },
    onEnd(session, cause, code) {
      registry.remove(session);
      observer.sessionClosed(session, cause, code);
      log.info({ id: session.id, session: session.number, cause, code }, 'session closed');
    },
  };

  function serverOnConnection(stream: Duplex): void {
    // Every error is followed by 'close', which is where it is dealt with.
    stream.on('error', () => {});
    if (closed !== null) drop(stream, 'shutdown');
    else if (connections.size >= maxConnections(config.maxClients)) drop(stream, 'full');
    else {
      connections.add(stream, () => {
        if (!answered.has(stream)) noteRefusal(stream, '', 'timeout', 0);
      });
    }
  }

  function serverOnUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const verdict = judgeUpgrade(request, config, registry, random);
    if (verdict.refusal !== null) refuse(stream, verdict.refusal);
    else handshakes.handleUpgrade(request, stream, head, (socket) => open(verdict.id, stream, socket));
  }

  function open(id: string, stream: Duplex, socket: ReadSocket): void {
    registry.get(id)?.close('takeover', 4001, 'taken over');
    connections.opened(stream);
    const session = new Session(context, ++sessionsOpened, id, stream, socket);
    registry.add(session);
    observer.sessionOpened(session);
    log.info({ id, session: session.number, ...addressOf(stream) }, 'session opened');
  }

  function refuse(stream: Duplex, refusal: Refusal): void {
    if (answered.has(stream)) return;
    answered.add(stream);
    if (!stream.writable) {
      stream.destroy(); // the peer is gone already: nobody was refused
      return;
    }
    writeAnswer(stream, refusal);
    noteRefusal(stream, refusal.id, refusal.reason, refusal.status);
  }

  function drop(stream: Duplex, reason: RefusalReason): void {
    stream.destroy();
    noteRefusal(stream, '', reason, 0);
  }

  function noteRefusal(stream: Duplex, id: string, reason: RefusalReason, status: number): void {
    observer.refused(stream, id, reason, status);
    log.warn({ id, reason, status, ...addressOf(stream) }, 'connection refused');
  }

  server.on('connection', serverOnConnection);
  server.on('upgrade', serverOnUpgrade);
  server.on('request', (request, response) => {
    answered.add(request.socket);
    answerRequest(request, response, registry.size);
  });
  server.on('connect', (_request, stream) => refuse(stream, WRONG_METHOD));
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    refuse(stream, error.code === 'HPE_HEADER_OVERFLOW' ? LARGE_HEADERS : BAD_HTTP);
  });
  handshakes.on('wsClientError', (_error, stream) => refuse(stream, BAD_HANDSHAKE));

  return {
    server,
    get clients() {
      return registry.size;
    },
    close(code = GOING_AWAY, reason = 'the relay stops') {
      if (closed !== null) return closed;
      server.close(() => {}); // called back with an error when the server does not listen, which is fine
      connections.destroyPending();
      for (const session of registry.all()) session.close('shutdown', code, reason);
      closed = connections.empty();
      return closed;
    },
  };
}

/** Node's own time limits are all off: Connections keeps them, on the relay's clock. */
function createHttpServer(config: Readonly<RelayConfig>): Server {
  return createServer({
    maxHeaderSize: config.maxHeaderBytes,
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    connectionsCheckingInterval: NEVER_MS,
  });
}

function createHandshakeServer(config: Readonly<RelayConfig>): WsServer<typeof ReadSocket> {
  return new WebSocketServer({
    noServer: true,
    WebSocket: ReadSocket,
    autoPong: false,
    clientTracking: false,
    // Compression works in threads, so its results arrive when they like, and it costs more than it saves on such small messages.
    perMessageDeflate: false,
    maxPayload: config.maxPayloadBytes,
    maxFragments: maxPieces(config.maxPayloadBytes),
    maxBufferedChunks: maxPieces(config.maxPayloadBytes),
  });
}

/** Streams that are no sockets have no address. */
function addressOf(stream: Duplex): { address?: string } {
  const address = (stream as { remoteAddress?: unknown }).remoteAddress;
  return typeof address === 'string' ? { address } : {};
}
