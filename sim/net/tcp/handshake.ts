/** Resending of SYN and SYN-ACK until the handshake ends or the stack's patience does. */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import { wheelDeadlineUs } from './linux-timer.ts';
import type { TcpParameters } from './parameters.ts';

/**
 * A listener answers repeated SYNs at most this often, µs (Linux: tcp_invalid_ratelimit). Its own timer does
 * not count.
 */
const REPEATED_SYN_INTERVAL_US = 500 * US_PER_MS;

export interface HandshakeOwner {
  readonly kernel: Timeline;
  /** Sends the SYN or SYN-ACK. */
  sendSyn(): void;
  countRetransmit(): void;
  giveUp(): void;
}

export class Handshake {
  private readonly owner: HandshakeOwner;
  private readonly parameters: TcpParameters;
  private readonly phaseUs: number;
  private readonly passive: boolean;
  private readonly timer: LazyTimer;
  private lastSentAtUs = 0;
  private lastAnswerAtUs = Number.NEGATIVE_INFINITY;
  /** Timeouts so far. */
  private retries = 0;
  private resent = false;

  /** @param passive true for a listener's SYN-ACK @param phaseUs offset of the stack's timers */
  constructor(owner: HandshakeOwner, parameters: TcpParameters, phaseUs: number, passive: boolean) {
    this.owner = owner;
    this.parameters = parameters;
    this.phaseUs = phaseUs;
    this.passive = passive;
    this.timer = new LazyTimer(owner.kernel, () => this.onTimer());
  }

  /** When the SYN or SYN-ACK is sent again, µs, and how often it was. */
  get waiting(): { untilUs: number; retries: number } {
    return { untilUs: this.timer.deadlineUs, retries: this.retries };
  }

  start(): void {
    this.send();
    this.arm();
  }

  /**
   * The peer's SYN came again: our SYN-ACK may be lost. The timer starts anew, its backoff stays
   * (tcp_check_req).
   */
  onRepeatedSyn(): void {
    const { nowUs } = this.owner.kernel;
    if (nowUs - this.lastAnswerAtUs < REPEATED_SYN_INTERVAL_US) return;
    this.lastAnswerAtUs = nowUs;
    this.resend();
    this.arm();
  }

  /** Nothing of it is kept: its end gives no round trip. */
  forgo(): void {
    this.resent = true;
  }

  /** Ends it. Returns the round trip, ms, or -1 when a resent segment makes it ambiguous (Karn's rule). */
  finish(): number {
    this.timer.disarm();
    return this.resent ? -1 : (this.owner.kernel.nowUs - this.lastSentAtUs) / US_PER_MS;
  }

  stop(): void {
    this.timer.disarm();
  }

  private send(): void {
    this.lastSentAtUs = this.owner.kernel.nowUs;
    this.owner.sendSyn();
  }

  private onTimer(): void {
    if (this.retries >= this.maxRetries()) {
      this.owner.giveUp();
      return;
    }
    this.retries++;
    this.resend();
    this.arm();
  }

  private resend(): void {
    this.resent = true;
    this.owner.countRetransmit();
    this.send();
  }

  private maxRetries(): number {
    if (this.passive) return this.parameters.synAckRetries;
    return this.parameters.kind === 'linux' ? this.parameters.synLinearTimeouts + this.parameters.synRetries : this.parameters.synRetries;
  }

  private arm(): void {
    const { nowUs } = this.owner.kernel;
    if (this.parameters.kind === 'lwip') {
      const tickUs = this.parameters.slowTimerMs * US_PER_MS;
      // no back-off for a SYN; after the last retry lwIP gives up at the next tick
      const ticks = this.retries >= this.parameters.synRetries ? 1 : this.parameters.initialRtoTicks;
      this.timer.arm((Math.floor((nowUs - this.phaseUs) / tickUs) + ticks) * tickUs + this.phaseUs);
      return;
    }
    const linear = this.passive ? 0 : this.parameters.synLinearTimeouts;
    const gapMs = this.parameters.initialRtoMs * 2 ** Math.max(0, this.retries - linear);
    this.timer.arm(wheelDeadlineUs(nowUs, gapMs, this.parameters.jiffyMs, this.phaseUs));
  }
}
