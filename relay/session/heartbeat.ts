/**
 * The relay's keepalive: pings one session every `pingIntervalMs` and finds it dead when a ping has gone
 * unanswered for `pingTimeoutMs`.
 *
 * Any pong counts and answers every ping before it, so a link that dies silently is found at most interval +
 * timeout later, also when the timeout is the longer of the two and several pings are under way. The first
 * ping comes a whole interval after the opening, as the peer may be slow to read the answer to its handshake;
 * the second one sooner after it, by a share that differs from client to client: from then on pings are
 * spread over the interval, as those to 1,000 clients in one tick would hold the event loop for 11 to 31 ms.
 * No gap is longer than the interval, so the bound holds from the opening on. A ping carries the time it was
 * sent, so its pong tells the round trip without any bookkeeping. Time in which the relay could not hear a
 * client does not count.
 */

import type { Clock, TimerId } from 'hal';
import { US_PER_MS } from 'host/units';
import type { RelayConfig } from '../config.ts';

/**
 * Ping payload: microseconds since the heartbeat began, as text, because the original client decodes it. 36^8
 * us are 32 days, then it wraps.
 */
const STAMP_CHARACTERS = 8;
const STAMP_RADIX = 36;
const STAMP_RANGE_US = STAMP_RADIX ** STAMP_CHARACTERS;
const STAMP = /^[0-9a-z]{8}$/;

/**
 * A deadline that comes this late (ms) says that the relay itself stood still. Pongs may then lie unread, so
 * the sockets are read once more before the verdict; without that, a relay that was suspended for a minute
 * would close all its clients.
 */
const STALL_MS = 1_000;
/** Long enough for one turn of an event loop, in which timers come before reads. */
const SECOND_LOOK_MS = 100;

/** Who is pinged. */
export interface HeartbeatTarget {
  /** For how long it could not be heard, all in all, ms: that is not held against it. */
  readonly unheardMs: number;
  sendPing(payload: Buffer): void;
  /** A ping went unanswered. */
  pingOnTimeout(): void;
}

export class Heartbeat {
  private readonly clock: Clock;
  private readonly config: Readonly<RelayConfig>;
  private readonly target: HeartbeatTarget;
  private readonly startMs: number;
  private pingTimer: TimerId = 0;
  /** Runs from the oldest unanswered ping; 0 when every ping is answered. */
  private deadlineTimer: TimerId = 0;
  private deadlineMs = 0;
  /** When the deadline was set. */
  private unheardMs = 0;

  /** @param phase by which share of the interval the second ping comes early, [0, 1) */
  constructor(clock: Clock, phase: number, config: Readonly<RelayConfig>, target: HeartbeatTarget) {
    this.clock = clock;
    this.config = config;
    this.target = target;
    this.startMs = clock.now();
    const { pingIntervalMs } = config;
    if (pingIntervalMs > 0) this.pingTimer = clock.setTimeout(() => this.ping((1 - phase) * pingIntervalMs), pingIntervalMs);
  }

  /**
   * Returns the round trip in ms, or null when the payload is not that of a ping which may still be under
   * way. The peer is alive in any case.
   */
  pong(payload: Buffer): number | null {
    this.clock.clearTimeout(this.deadlineTimer);
    this.deadlineTimer = 0;
    const text = payload.toString('latin1');
    if (!STAMP.test(text)) return null;
    const ageUs = this.stampUs() - Number.parseInt(text, STAMP_RADIX);
    const rttMs = (ageUs < 0 ? ageUs + STAMP_RANGE_US : ageUs) / US_PER_MS;
    return rttMs <= this.config.pingIntervalMs + this.config.pingTimeoutMs ? rttMs : null;
  }

  stop(): void {
    this.clock.clearTimeout(this.pingTimer);
    this.clock.clearTimeout(this.deadlineTimer);
  }

  private ping(nextMs: number): void {
    const { pingIntervalMs, pingTimeoutMs } = this.config;
    this.pingTimer = this.clock.setTimeout(() => this.ping(pingIntervalMs), nextMs);
    if (this.deadlineTimer === 0) {
      this.unheardMs = this.target.unheardMs;
      this.setDeadline(pingTimeoutMs);
    }
    this.target.sendPing(Buffer.from(this.stampUs().toString(STAMP_RADIX).padStart(STAMP_CHARACTERS, '0'), 'latin1'));
  }

  private setDeadline(inMs: number): void {
    this.deadlineMs = this.clock.now() + inMs;
    this.deadlineTimer = this.clock.setTimeout(() => this.deadlineOnReached(), inMs);
  }

  private deadlineOnReached(): void {
    const unheardMs = this.target.unheardMs - this.unheardMs;
    this.unheardMs += unheardMs;
    if (unheardMs > 0) this.setDeadline(unheardMs);
    else if (this.clock.now() - this.deadlineMs >= STALL_MS) this.setDeadline(SECOND_LOOK_MS);
    else this.target.pingOnTimeout();
  }

  private stampUs(): number {
    return Math.round((this.clock.now() - this.startMs) * US_PER_MS) % STAMP_RANGE_US;
  }
}
