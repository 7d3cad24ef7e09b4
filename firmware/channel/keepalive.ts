/**
 * The board's own keepalive: after a silence of `intervalMs` it pings, and a silence of `timeoutMs` after
 * that ping ends the channel. So a dead link is found after interval + timeout, counted from the last byte
 * heard, plus at most 2 ms of rounding.
 *
 * Any byte from the server counts as a sign of life. Hearing something touches no timer: one timer at a time
 * is pending, and when it runs it looks how long the silence has really been. Delays are whole milliseconds,
 * rounded up, so a timer never finds itself a fraction early and spins.
 */
import type { Clock, TimerId } from 'hal';

export interface KeepaliveLink {
  /** When the last byte was heard, by the clock. */
  heardAtMs(): number;
  sendPing(payload: string): void;
  /** Nothing came: the link is dead. The keepalive has stopped. */
  keepaliveOnDead(): void;
}

export class Keepalive {
  private readonly clock: Clock;
  private readonly intervalMs: number;
  private readonly timeoutMs: number;
  private readonly link: KeepaliveLink;
  private timer: TimerId = 0;
  private pings: number = 0;
  /** The latest ping's payload while its pong is due, else ''. */
  private expected: string = '';
  private pingedAtMs: number = 0;

  /** @param intervalMs 0 = off */
  constructor(clock: Clock, intervalMs: number, timeoutMs: number, link: KeepaliveLink) {
    this.clock = clock;
    this.intervalMs = intervalMs;
    this.timeoutMs = timeoutMs;
    this.link = link;
  }

  start(): void {
    this.stop();
    if (this.intervalMs > 0) this.checkIn(this.intervalMs, false);
  }

  stop(): void {
    this.clock.clearTimeout(this.timer);
    this.timer = 0;
    this.expected = '';
  }

  /**
   * The round trip in ms when `payload` answers the latest ping, else -1 (another ping's pong, or one nobody
   * asked for).
   */
  pongRtt(payload: string): number {
    if (payload !== this.expected || payload === '') return -1;
    this.expected = '';
    return this.clock.now() - this.pingedAtMs;
  }

  private checkIn(delayMs: number, pinged: boolean): void {
    this.timer = this.clock.setTimeout(() => this.check(pinged), Math.ceil(delayMs));
  }

  private check(pinged: boolean): void {
    const now = this.clock.now();
    const heardAtMs = this.link.heardAtMs();
    this.timer = 0;
    if (pinged && heardAtMs < this.pingedAtMs) {
      const leftMs = this.pingedAtMs + this.timeoutMs - now;
      if (leftMs > 0) this.awaitAnswer(leftMs);
      else this.die();
      return;
    }
    const leftMs = heardAtMs + this.intervalMs - now;
    if (leftMs > 0) this.checkIn(leftMs, false);
    else this.ping(now);
  }

  /** An answer begins a silence of its own, which may be over before this ping's time is. */
  private awaitAnswer(leftMs: number): void {
    this.checkIn(Math.min(leftMs, this.intervalMs), true);
  }

  private ping(now: number): void {
    this.pings++;
    this.expected = String(this.pings);
    this.pingedAtMs = now;
    this.awaitAnswer(this.timeoutMs);
    this.link.sendPing(this.expected);
  }

  private die(): void {
    this.stop();
    this.link.keepaliveOnDead();
  }
}
