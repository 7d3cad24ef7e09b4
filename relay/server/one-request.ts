/**
 * An HTTP server that serves one request a connection and does not read on behind it.
 *
 * Node's parser goes through all requests that were pipelined into a read, thousands of them, whatever is
 * done to the connection meanwhile. Only where one asks to become something else (RFC 9110 section 7.8) it
 * stops and hands the connection over. So that is what every request says that is not the first of its
 * connection.
 */
import { createServer, IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';

export type UpgradeListener = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

/**
 * Connections with a request that was no upgrade: after one of those nothing is read as a request any more.
 */
const served = new WeakSet<Duplex>();

class OneRequest extends IncomingMessage {
  readonly isFirst: boolean;
  declare private isUpgrade: boolean;

  constructor(...[socket]: ConstructorParameters<typeof IncomingMessage>) {
    super(socket);
    this.isFirst = !served.has(socket);
  }

  /** Set by Node, which asks for it when it has read the headers. */
  get upgrade(): boolean {
    return !this.isFirst || this.isUpgrade;
  }
  set upgrade(isUpgrade: boolean) {
    this.isUpgrade = isUpgrade;
    if (isUpgrade === false) served.add(this.socket);
  }
}

/**
 * The largest delay of a Node timer, ms: the one interval of the HTTP server that cannot be switched off
 * comes every 24 days.
 */
const NEVER_MS = 2 ** 31 - 1;

/** Node's own time limits are all off: who takes these keeps time itself, on a clock of its own. */
export const NO_TIME_LIMITS: ServerOptions = {
  headersTimeout: 0,
  requestTimeout: 0,
  keepAliveTimeout: 0,
  connectionsCheckingInterval: NEVER_MS,
};

/** @param onUpgrade also of `CONNECT` */
export function createOneRequestServer(options: ServerOptions, onRequest: RequestListener, onUpgrade: UpgradeListener): Server {
  const server: Server = createServer({ ...options, IncomingMessage: OneRequest as typeof IncomingMessage }, onRequest);
  const serverOnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if ((request as OneRequest).isFirst) onUpgrade(request, stream, head);
    else dropRest(stream);
  };
  return server.on('upgrade', serverOnUpgrade).on('connect', serverOnUpgrade);
}

/**
 * The first request's answer may be under way still: the connection ends with it, and a reset because of
 * unread bytes would cut it off.
 */
function dropRest(stream: Duplex): void {
  stream.on('error', () => {});
  stream.resume();
}
