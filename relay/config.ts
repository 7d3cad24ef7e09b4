/**
 * A relay's settings, complete. Command-line flags and scenario files become one of these; nothing here is
 * optional and nothing is checked twice.
 */

/** `broadcast`: a message goes to all other clients · `echo`: it goes back to its sender. */
export type Mode = 'broadcast' | 'echo';

/** What a text message looks like when it goes out again: envelope.ts. */
export type Envelope = 'original' | 'json' | 'raw';

/**
 * What happens to a client whose id is connected already: refused with HTTP 403, or it takes the id over and
 * the older session is closed.
 */
export type DuplicateId = 'reject' | 'takeover';

/** Which ids a client may have: any, or only the name in its certificate (`cn`). */
export type Authorize = 'any' | 'cn';

/**
 * What happens to a client that reads so slowly that its buffer is full: it loses the newest message, or is
 * closed with 1013.
 */
export type SlowClients = 'drop' | 'close';

export interface RelayConfig {
  mode: Mode;
  envelope: Envelope;
  duplicateId: DuplicateId;
  authorize: Authorize;
  /**
   * Origins whose web pages may connect, besides the relay's own: as parseOrigin (origins.ts) gives them, or
   * `*`.
   */
  allowOrigins: readonly string[];
  /**
   * Addresses and networks of reverse proxies that are believed who their clients are: as parseNetwork
   * (forwarded.ts) takes them.
   */
  trustProxies: readonly string[];
  /** Subprotocols that clients may choose from (RFC 6455 section 1.9). */
  subprotocols: readonly string[];
  /** Time between two pings to a session, ms; 0 = no pings. */
  pingIntervalMs: number;
  /** How long a ping may go unanswered, ms, above 0. May be longer than the interval. */
  pingTimeoutMs: number;
  /** From the close frame to the end of a connection whose peer does not end it, ms. */
  closeTimeoutMs: number;
  /** From the accepted connection to the session, or to the end of a plain HTTP exchange, ms. */
  handshakeTimeoutMs: number;
  /** Largest message, bytes. */
  maxPayloadBytes: number;
  /** Sessions at a time. */
  maxClients: number;
  /**
   * Connections at a time that are no session: in their handshake, plain HTTP, idle, closing. Beyond it the
   * one that has waited longest is hung up.
   */
  maxPending: number;
  /**
   * Connections at a time from one address; those without an address, as in a simulation, are not counted.
   */
  maxPerAddress: number;
  /** New connections from one address, per second; two seconds' worth may come at once. */
  maxConnectRate: number;
  /**
   * Messages, pings and pongs of one client, per second; two seconds' worth may come at once, more closes it
   * with 1008.
   */
  maxMessageRate: number;
  /**
   * Memory for what waits to be sent to one session, bytes: its frames, and what Node keeps for each
   * (limits.ts).
   */
  maxBufferedBytes: number;
  slowClients: SlowClients;
  /**
   * Memory for what waits for all clients, what is unfinished of their messages, and handshakes, bytes.
   * Beyond it those that hold most are let go.
   */
  maxMemoryBytes: number;
  /** Request line and headers of a handshake, bytes. */
  maxHeaderBytes: number;
}

export const DEFAULT_CONFIG: Readonly<RelayConfig> = {
  mode: 'broadcast',
  envelope: 'original',
  duplicateId: 'reject',
  authorize: 'any',
  // A page that somebody in the network looks at must not get at the boards by itself.
  allowOrigins: [],
  // Anybody can send what a proxy sends.
  trustProxies: [],
  // What it passes on means nothing to the relay: it cannot promise to speak anything by itself.
  subprotocols: [],
  // 20 s and 20 s are the defaults of the Python server whose users this relay inherits.
  pingIntervalMs: 20_000,
  pingTimeoutMs: 20_000,
  // Long enough for a close frame to survive several retransmissions, and what that server waits.
  closeTimeoutMs: 10_000,
  // The original client, paced at 500 ms a header line, takes 4.1 s.
  handshakeTimeoutMs: 10_000,
  maxPayloadBytes: 64 * 1024,
  maxClients: 10_000,
  // After an outage a whole fleet may be in its handshake while its old sessions still close.
  maxPending: 20_000,
  // A fleet behind one router, or a proxy, is one address. These only stop what no fleet does; a relay that
  // is open to strangers wants fewer.
  maxPerAddress: 20_000,
  maxConnectRate: 10_000,
  // The largest burst of the simulator's client fits.
  maxMessageRate: 10_000,
  // 16 of the largest messages, 1,700 small ones.
  maxBufferedBytes: 1024 * 1024,
  slowClients: 'drop',
  // Half of a small server. 500 clients that stop reading, or all places for connections without a client
  // with headers as large as they may be.
  maxMemoryBytes: 512 * 1024 ** 2,
  // Browsers with cookies stay below 4 KiB, boards below 300 bytes.
  maxHeaderBytes: 8 * 1024,
};
