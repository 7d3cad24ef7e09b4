/**
 * The one place from which a relay is watched: metrics, recordings, the console and the simulator are
 * observers.
 *
 * Methods are called synchronously, in the order things happen, and must neither throw nor call back into the
 * relay. Arguments are flat, so that watching a message costs no allocation. Sizes of messages are payload
 * bytes, those of pings and pongs whole frames on the wire.
 */
import type { Duplex } from 'node:stream';
import type { TlsFailure } from 'hal';

/** What an observer may know of a session. The object stays the same for the session's whole life. */
export interface SessionInfo {
  /** Counts the sessions of this relay from 1; never used twice. */
  readonly number: number;
  readonly id: string;
  /** What its certificate calls it; '' without one. */
  readonly name: string;
  /** The connection underneath. An observer may ask what waits in it, and neither reads nor writes. */
  readonly stream: Duplex;
  /** On the relay's clock. */
  readonly openedAtMs: number;
  /**
   * Messages from it, to it, and to it but lost as it reads too slowly. Who only wants to know how many needs
   * no call for each message.
   */
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly messagesDropped: number;
}

/**
 * `ping_timeout`: a ping went unanswered · `peer_closed`: close frame, or FIN without one · `reset`: the
 * connection broke · `protocol_error`: the peer broke RFC 6455 · `takeover`: its id went to a newer session ·
 * `shutdown`: the relay stops · `policy`: a limit of the relay was passed, or its operator ended it (code
 * 4002).
 */
export type CloseCause = 'ping_timeout' | 'peer_closed' | 'reset' | 'protocol_error' | 'takeover' | 'shutdown' | 'policy';

/**
 * Why a connection never became a session. `full`: too many clients, or TLS handshakes · `pending_full`: too
 * many connections that are no clients · `memory_full`: memory is short, and it held more than others.
 * `bad_origin`: the web page of a server that is not allowed · `not_authorized`: the id is not the one that
 * the client's certificate names · `address_full`, `address_rate`: too many connections from one address, at
 * a time or per second · `cut_off`: the relay cannot ask its cluster whether another node serves the id.
 */
export type RefusalReason =
  | 'duplicate_id'
  | 'not_authorized'
  | 'bad_id'
  | 'bad_path'
  | 'bad_request'
  | 'bad_origin'
  | 'large_headers'
  | 'full'
  | 'pending_full'
  | 'memory_full'
  | 'address_full'
  | 'address_rate'
  | 'timeout'
  | 'shutdown'
  | 'cut_off'
  | `tls_${TlsFailure}`;

/** `broadcast`: another client's message · `reply`: the acknowledgement or echo to the sender itself. */
export type MessageKind = 'broadcast' | 'reply';

export interface RelayObserver {
  sessionOpened(session: SessionInfo): void;
  /**
   * A connection was turned away before it became a session; `id` is '' when the request named no legal one,
   * `status` 0 when no answer was sent.
   */
  refused(stream: Duplex, id: string, reason: RefusalReason, status: number): void;
  messageReceived(session: SessionInfo, bytes: number, binary: boolean): void;
  /**
   * The same with what it says, valid during the call only. Optional: only who shows messages asks for it.
   */
  payloadReceived?(session: SessionInfo, payload: Buffer, binary: boolean): void;
  messageSent(session: SessionInfo, bytes: number, kind: MessageKind): void;
  /**
   * The message just received has been handed to every connection that it goes to. Optional, as only who
   * measures that needs it.
   */
  messageRouted?(session: SessionInfo): void;
  /**
   * What else the session has sent waits for a later turn of the event loop, as others have their share.
   * Optional, too.
   */
  readingPaused?(session: SessionInfo): void;
  /** Not sent, because `session` reads too slowly (RelayConfig.maxBufferedBytes). */
  messageDropped(session: SessionInfo, bytes: number): void;
  pingSent(session: SessionInfo, frameBytes: number): void;
  pongReceived(session: SessionInfo, rttMs: number, frameBytes: number): void;
  /** The session's own ping was answered with a pong. */
  pingAnswered(session: SessionInfo, frameBytes: number): void;
  /**
   * Exactly once per opened session, at the moment its id is free again and after which nothing is delivered
   * to or from it. The connection may live on for the close handshake. `code` is the close code: the relay's
   * own, or the peer's; 1005 when the peer gave none, 1006 when there was no close frame.
   */
  sessionClosed(session: SessionInfo, cause: CloseCause, code: number): void;
}

export const NULL_OBSERVER: RelayObserver = {
  sessionOpened() {},
  refused() {},
  messageReceived() {},
  payloadReceived() {},
  messageSent() {},
  messageRouted() {},
  readingPaused() {},
  messageDropped() {},
  pingSent() {},
  pongReceived() {},
  pingAnswered() {},
  sessionClosed() {},
};
