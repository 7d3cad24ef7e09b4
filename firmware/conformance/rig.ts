/**
 * What a client under test is reached through, and what a case of the protocol conformance suite is.
 *
 * The client is a program that connects, and sends every message back as it came, text as text and binary as
 * binary. The suite is its server, down to the byte, and judges nothing but the bytes it gets: so the same
 * cases hold for any client, in memory, over real sockets, or on a board. Bytes are binary strings, as in
 * hal/net.ts.
 */

/** The largest message that the client must be set to take, bytes. */
export const LIMIT_BYTES = 65536;

/** The server's end of one TCP connection with the client under test. */
export interface Wire {
  /** All bytes that the client sent so far. */
  readonly received: string;
  /** The client has ended TCP, by FIN or RST. */
  readonly ended: boolean;
  /** Bytes that should reach the client in one piece. Ignored once the client has ended TCP. */
  write(bytes: string): void;
  /** Sends FIN after everything written. */
  end(): void;
  /** Returns when the client has done what it does at once about everything that was written. */
  settle(): Promise<void>;
  /** Lets `ms` milliseconds pass on the client's clock. */
  pass(ms: number): Promise<void>;
}

export interface Rig {
  /**
   * Lets the client connect, to path `/conformance`, and returns when TCP stands and its request has arrived.
   * May be called again.
   */
  connect(): Promise<Wire>;
  /** SHA-1 in base64, for Sec-WebSocket-Accept. */
  digest(text: string): string;
}

/** `strict`, or why a client that did what it did is acceptable but not strictly right. */
export type Verdict = 'strict' | { readonly loose: string };

export interface ProtocolCase {
  /** Unique; `group: what the server does`. */
  readonly name: string;
  /** Rejects when the client broke the protocol. Wants a rig that nothing was done to. */
  run(rig: Rig): Promise<Verdict>;
}
