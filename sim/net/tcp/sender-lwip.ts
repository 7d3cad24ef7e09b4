/**
 * Loss recovery as lwIP does it (esp-lwip 2.1.3, src/core/tcp.c, tcp_in.c, tcp_out.c): one timer of 500 ms
 * ticks, RTO of at least three of them, everything unacknowledged sent again after a timeout as far as one
 * segment's congestion window allows, fast retransmit on the third duplicate ACK, no SACK, no timestamps.
 */
import { US_PER_MS } from '../../kernel/units.ts';
import type { Packet } from '../wire/packet.ts';
import type { TimerKind } from './netstat.ts';
import type { LwipParameters } from './parameters.ts';
import type { Segment } from './segment.ts';
import { Sender, type SenderOwner } from './sender.ts';

/** tcp_backoff[]: shifts of the RTO by number of retransmissions. */
const BACKOFF_SHIFTS = [1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7];
/** tcp_persist_backoff[]: slow ticks between zero-window probes. */
const PERSIST_TICKS = [3, 6, 12, 24, 48, 96, 120];
const MAX_RTO_TICKS = 0x7fff;
const INITIAL_WINDOW_BYTES = 4380; // LWIP_TCP_CALC_INITIAL_CWND
const DUPLICATE_ACK_THRESHOLD = 3;

export class LwipSender extends Sender {
  private readonly parameters: LwipParameters;
  private readonly tickUs: number;
  private readonly phaseUs: number;
  /** Van Jacobson's estimator in ticks, scaled as in lwIP: sa by 8, sv by 4. */
  private smoothed = 0;
  private variance: number;
  private rtoTicks: number;
  /**
   * The one segment that is being timed: the sequence number it must see acknowledged, and when it left; -1
   * when none is.
   */
  private timedSeq = -1;
  private timedSinceTick = 0;
  private retransmissions = 0;
  private windowBytes = INITIAL_WINDOW_BYTES;
  private slowStartThreshold: number;
  private duplicateAcks = 0;
  private inFastRecovery = false;
  private probing = false;

  /** @param phaseUs when the host's slow timer ticks, 0 up to one tick */
  constructor(owner: SenderOwner, parameters: LwipParameters, phaseUs: number) {
    super(owner, parameters.mss, parameters.nagle, parameters.sendBufferBytes);
    this.parameters = parameters;
    this.tickUs = parameters.slowTimerMs * US_PER_MS;
    this.phaseUs = phaseUs;
    this.variance = parameters.initialRtoTicks;
    this.rtoTicks = parameters.initialRtoTicks;
    this.slowStartThreshold = parameters.sendBufferBytes;
  }

  protected get rtoMs(): number {
    return this.rtoTicks * this.parameters.slowTimerMs;
  }

  protected get timerKind(): TimerKind {
    return this.probing ? 'persist' : 'on';
  }

  protected allowance(): number {
    return this.windowBytes;
  }

  protected onSent(): void {
    if (this.probing || !this.timer.armed) this.armTicks(this.rtoTicks);
    this.probing = false;
    this.time(this.inflight[this.inflight.length - 1]);
  }

  protected onAcknowledgement(_packet: Packet, acknowledged: Segment[], advanced: boolean, duplicate: boolean): void {
    if (advanced) this.onProgress(acknowledged);
    else if (duplicate) this.onDuplicate();
    this.resendLost();
  }

  protected armProbe(): void {
    this.probing = true;
    this.armTicks(PERSIST_TICKS[Math.min(this.probes, PERSIST_TICKS.length - 1)]);
  }

  protected onTimer(): void {
    if (this.probing) this.probeWindow(this.parameters.dataRetries);
    else if (this.inflight.length > 0) this.onRetransmissionTimeout();
  }

  protected override resend(segment: Segment): void {
    super.resend(segment);
    this.time(segment);
  }

  private onProgress(acknowledged: readonly Segment[]): void {
    this.duplicateAcks = 0;
    this.retransmissions = 0;
    this.probing = false;
    if (this.timedSeq >= 0 && this.una > this.timedSeq) this.takeSample();
    else this.rtoTicks = (this.smoothed >> 3) + this.variance;
    this.growWindow(acknowledged);
    this.timer.disarm();
    if (this.inflight.length > 0) this.armTicks(this.rtoTicks);
  }

  private growWindow(acknowledged: readonly Segment[]): void {
    const { mss } = this;
    if (this.inFastRecovery) {
      this.inFastRecovery = false;
      this.windowBytes = this.slowStartThreshold;
    }
    let bytes = 0;
    for (const segment of acknowledged) bytes += segment.data.length;
    const growth = this.windowBytes < this.slowStartThreshold ? Math.min(bytes, 2 * mss) : (mss * bytes) / this.windowBytes;
    this.windowBytes = Math.min(this.parameters.sendBufferBytes, this.windowBytes + growth);
  }

  /**
   * Times this segment if none is timed. Like lwIP it times resent ones too: Karn's rule is broken, within a
   * tick of 500 ms.
   */
  private time(segment: Segment): void {
    if (this.timedSeq >= 0) return;
    this.timedSeq = segment.seq;
    this.timedSinceTick = this.tick();
  }

  private takeSample(): void {
    let error = this.tick() - this.timedSinceTick - (this.smoothed >> 3);
    this.smoothed += error;
    if (error < 0) error = -error;
    this.variance += error - (this.variance >> 2);
    this.rtoTicks = (this.smoothed >> 3) + this.variance;
    this.timedSeq = -1;
  }

  private onDuplicate(): void {
    if (++this.duplicateAcks < DUPLICATE_ACK_THRESHOLD) return;
    if (this.inFastRecovery) {
      this.windowBytes += this.mss;
      return;
    }
    this.inFastRecovery = true;
    this.retransmissions++;
    this.timedSeq = -1;
    this.halve();
    this.windowBytes = this.slowStartThreshold + DUPLICATE_ACK_THRESHOLD * this.mss;
    this.resend(this.inflight[0]);
    this.armTicks(this.rtoTicks);
  }

  private onRetransmissionTimeout(): void {
    if (this.retransmissions >= this.parameters.dataRetries) {
      this.owner.giveUp();
      return;
    }
    const shift = BACKOFF_SHIFTS[Math.min(this.retransmissions, BACKOFF_SHIFTS.length - 1)];
    this.rtoTicks = Math.min(((this.smoothed >> 3) + this.variance) << shift, MAX_RTO_TICKS);
    this.retransmissions++;
    this.timedSeq = -1;
    this.inFastRecovery = false;
    this.halve();
    this.windowBytes = this.mss;
    for (const segment of this.inflight) segment.lost = true;
    this.resendLost();
    this.armTicks(this.retransmissions >= this.parameters.dataRetries ? 1 : this.rtoTicks);
  }

  private resendLost(): void {
    for (const segment of this.inflight) {
      if (segment.lost && segment.end - this.una <= Math.max(this.windowBytes, this.mss)) this.resend(segment);
    }
  }

  private halve(): void {
    this.slowStartThreshold = Math.max(2 * this.mss, Math.min(this.windowBytes, this.parameters.sendBufferBytes) / 2);
  }

  private tick(): number {
    return Math.floor((this.kernel.nowUs - this.phaseUs) / this.tickUs);
  }

  /** Arms the timer for the `ticks`-th slow tick from now. */
  private armTicks(ticks: number): void {
    this.timer.arm((this.tick() + ticks) * this.tickUs + this.phaseUs);
  }
}
