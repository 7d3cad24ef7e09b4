/**
 * The end of a connection, always the same way whatever the reason: a close frame with code and reason, FIN
 * when both sides have said it (RFC 6455 section 7.1.1), and after `closeTimeoutMs` on the relay's clock the
 * connection is destroyed, whether or not the peer took part.
 *
 * The session is over before this begins; nothing here delays anybody.
 */
import type { Duplex } from 'node:stream';
import type { Clock, TimerId } from 'hal';
import { INVALID_DATA, MESSAGE_TOO_BIG, NORMAL_CLOSURE, POLICY_VIOLATION, PROTOCOL_ERROR } from 'host/close-codes';
import { encodeClose } from './frame.ts';

/**
 * The codes of section 7.4.1 that a relay uses, with a reason for the peer. A code without text would be
 * legal, but the original client logs the text.
 */
const REASONS: Record<number, string> = {
  [NORMAL_CLOSURE]: 'normal closure',
  [PROTOCOL_ERROR]: 'protocol error',
  [INVALID_DATA]: 'text is not UTF-8',
  [POLICY_VIOLATION]: 'limit exceeded',
  [MESSAGE_TOO_BIG]: 'message too big',
};

export class CloseHandshake {
  private readonly clock: Clock;
  private readonly stream: Duplex;
  private readonly timeoutMs: number;
  private timer: TimerId = 0;

  constructor(clock: Clock, stream: Duplex, timeoutMs: number) {
    this.clock = clock;
    this.stream = stream;
    this.timeoutMs = timeoutMs;
  }

  /** Sends the close frame. Once. */
  start(code: number, reason = REASONS[code] ?? 'closing'): void {
    this.awaitEnd();
    this.stream.write(encodeClose(code, reason));
  }

  /** Nothing more to say: FIN after what was written. */
  finish(): void {
    this.stream.end();
  }

  /** Sets the deadline; for a peer that sent FIN, which needs no frame any more, that is all. */
  awaitEnd(): void {
    this.timer = this.clock.setTimeout(() => this.stream.destroy(), this.timeoutMs);
  }

  /** The connection is gone. */
  ended(): void {
    this.clock.clearTimeout(this.timer);
  }
}
