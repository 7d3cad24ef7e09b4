/**
 * Loss recovery as Linux does it (net/ipv4/tcp_input.c, tcp_output.c, tcp_recovery.c, tcp_timer.c): RTO of
 * SRTT + max(variance, 200 ms), tail-loss probe, RACK without its reordering window (on a link that
 * reorders, what was overtaken is resent sooner than Linux would, which waits a quarter of a round trip),
 * NewReno where the peer has no SACK, next to no new data before a loss is repaired.
 *
 * Against a peer without SACK, as lwIP is, Linux sends no tail-loss probe, and without timestamps Karn's rule
 * leaves a backed-off RTO standing until a segment passes at first try. Not modelled, because not visible in
 * thin traffic: F-RTO, Eifel and D-SACK undo, probes with new data, proportional rate reduction, CUBIC (a
 * window that was cut grows as in slow start).
 */
import { US_PER_MS } from '../../kernel/units.ts';
import type { Packet } from '../wire/packet.ts';
import { LinuxRtt } from './linux-rtt.ts';
import { wheelDeadlineUs } from './linux-timer.ts';
import type { TimerKind } from './netstat.ts';
import type { LinuxParameters } from './parameters.ts';
import type { Segment } from './segment.ts';
import { Sender, type SenderOwner } from './sender.ts';

const INITIAL_WINDOW_SEGMENTS = 10; // RFC 6928, TCP_INIT_CWND
const MAX_WINDOW_SEGMENTS = 1000;
const DUPLICATE_ACK_THRESHOLD = 3; // RFC 5681 section 3.2
/**
 * What a tail-loss probe for several segments waits beyond two round trips, ms (TCP_TIMEOUT_MIN_US). For one
 * segment it is the RTO's floor.
 */
const PROBE_SLACK_MS = 2;

export class LinuxSender extends Sender {
  private readonly parameters: LinuxParameters;
  private readonly sack: boolean;
  private readonly timerOffsetUs: number;
  private readonly rtt: LinuxRtt;
  /** What the timer is armed for (icsk_pending). */
  private pending: 'nothing' | 'rto' | 'tail-loss-probe' | 'window-probe' = 'nothing';
  private state: 'open' | 'recovery' | 'loss' = 'open';
  private recoverUpTo = 0;
  private windowSegments = INITIAL_WINDOW_SEGMENTS;
  private slowStartThreshold = MAX_WINDOW_SEGMENTS;
  private duplicateAcks = 0;
  /**
   * Latest sent segment that is known to have arrived: when it was sent, its end, and its round trip (RACK,
   * RFC 8985).
   */
  private rackSentAtUs = -1;
  private rackEnd = 0;
  private rackRttUs = 0;
  /** `nxt` when a tail-loss probe was sent; -1 when none is outstanding. */
  private probeHigh = -1;
  private firstTimeoutAtUs = -1;

  /** @param timerOffsetUs where the host's timer wheel stands at time 0 */
  constructor(owner: SenderOwner, parameters: LinuxParameters, sack: boolean, timerOffsetUs: number) {
    super(owner, parameters.mss, parameters.nagle, parameters.sendBufferBytes);
    this.parameters = parameters;
    this.sack = sack;
    this.timerOffsetUs = timerOffsetUs;
    this.rtt = new LinuxRtt(parameters);
  }

  /** The handshake is over. @param sampleMs its round trip, or -1 when it gave none (RFC 6298 section 5.7) */
  onEstablished(sampleMs: number): void {
    if (sampleMs >= 0) this.rtt.sample(sampleMs, this.una, this.nxt);
    else this.rtt.fallBack();
  }

  /** tcp_simple_retransmit: at once, and no fault of congestion. */
  override onTooBig(mss: number): boolean {
    const wasTooLarge = super.onTooBig(mss);
    if (!wasTooLarge) return false;
    this.state = 'loss';
    this.recoverUpTo = this.nxt;
    this.probeHigh = -1;
    this.resendLost();
    return true;
  }

  protected get rtoMs(): number {
    return this.rtt.rtoMs;
  }

  protected get timerKind(): TimerKind {
    if (this.pending === 'window-probe') return 'persist';
    return this.pending === 'tail-loss-probe' ? 'probe' : 'on';
  }

  protected allowance(): number {
    return this.pipeSegments() < this.windowSegments ? Number.POSITIVE_INFINITY : 0;
  }

  protected onSent(wasIdle: boolean): void {
    if (!this.armTailLossProbe(false) && (wasIdle || this.pending === 'tail-loss-probe')) this.armRto();
  }

  protected onAcknowledgement(packet: Packet, acknowledged: Segment[], advanced: boolean, duplicate: boolean): void {
    const sacked = packet.sack ? this.markSacked(packet.sack) : NONE;
    this.takeSample(packet, acknowledged, sacked);
    let delivered = sacked.length + (duplicate && !this.sack ? 1 : 0);
    for (const segment of acknowledged) {
      if (segment.sacked) continue;
      this.noteDelivered(segment);
      delivered++;
    }
    if (this.probeHigh >= 0) this.updateTailLossProbe(packet, advanced, duplicate);
    if (advanced) this.afterProgress(acknowledged.length);
    this.recover(this.markLost(advanced, duplicate), delivered, advanced);
    if (this.inflight.length === 0) this.disarm();
    else if (advanced && !this.armTailLossProbe(true)) this.armRto();
    this.resendLost();
  }

  protected armProbe(): void {
    this.pending = 'window-probe';
    this.armIn(Math.min(this.rtt.rtoMs * 2 ** this.probes, this.parameters.rtoMaxMs));
  }

  protected onTimer(): void {
    switch (this.pending) {
      case 'rto':
        this.onRetransmissionTimeout();
        return;
      case 'tail-loss-probe':
        this.onTailLossTimeout();
        return;
      case 'window-probe':
        this.probeWindow(this.parameters.dataRetries);
        return;
      case 'nothing':
        return;
    }
  }

  private onRetransmissionTimeout(): void {
    const now = this.kernel.nowUs;
    this.pending = 'nothing';
    if (this.firstTimeoutAtUs >= 0 && now - this.firstTimeoutAtUs >= this.patienceUs()) {
      this.owner.giveUp();
      return;
    }
    if (this.firstTimeoutAtUs < 0) this.firstTimeoutAtUs = now;
    this.enterLoss();
    this.resend(this.inflight[0]);
    this.rtt.backOff();
    this.armRto();
  }

  /**
   * tcp_enter_loss: everything but what was sent within the last round trip counts as lost, and one segment
   * may leave.
   */
  private enterLoss(): void {
    const now = this.kernel.nowUs;
    if (this.state === 'open' || this.una >= this.recoverUpTo) this.slowStartThreshold = Math.max(2, this.windowSegments >> 1);
    this.state = 'loss';
    this.recoverUpTo = this.nxt;
    this.probeHigh = -1;
    for (const segment of this.inflight) {
      if (!segment.sacked && (segment === this.inflight[0] || segment.sentAtUs + this.rackRttUs <= now)) segment.lost = true;
    }
    this.windowSegments = this.pipeSegments() + 1;
  }

  /** One probe for each tail: the last segment again. It neither backs off nor counts as a timeout. */
  private onTailLossTimeout(): void {
    if (this.probeHigh < 0) {
      this.probeHigh = this.nxt;
      this.resend(this.inflight[this.inflight.length - 1]);
      this.pending = 'nothing';
    }
    this.armRto();
  }

  /** How long after the first timeout data is given up: tcp_retries2, or TCP_USER_TIMEOUT. */
  private patienceUs(): number {
    const { dataRetries, rtoMinMs, rtoMaxMs, userTimeoutMs } = this.parameters;
    if (userTimeoutMs > 0) return userTimeoutMs * US_PER_MS;
    const doublings = Math.floor(Math.log2(rtoMaxMs / rtoMinMs));
    const doubling = rtoMinMs * (2 ** (Math.min(dataRetries, doublings) + 1) - 1);
    return (doubling + Math.max(0, dataRetries - doublings) * rtoMaxMs) * US_PER_MS;
  }

  /**
   * By the clock where every segment concerned was sent once, by the echoed timestamp otherwise; without
   * timestamps not at all (Karn's rule).
   */
  private takeSample(packet: Packet, acknowledged: readonly Segment[], sacked: readonly Segment[]): void {
    const now = this.kernel.nowUs;
    const timed = acknowledged.some(wasResent) ? undefined : acknowledged.find(isNews);
    const segment = timed ?? sacked.find(wasSentOnce);
    if (segment) {
      this.rtt.sample((now - segment.sentAtUs) / US_PER_MS, this.una, this.nxt);
    } else if (acknowledged.length > 0 && packet.tsecr > 0) {
      this.rtt.sample(Math.max(1, Math.floor(now / US_PER_MS) + 1 - packet.tsecr), this.una, this.nxt);
    }
  }

  private noteDelivered({ sentAtUs, end, retransmitted }: Segment): void {
    const rttUs = this.kernel.nowUs - sentAtUs;
    if (retransmitted && rttUs < this.rtt.minMs * US_PER_MS) return; // the answer to an earlier transmission
    this.rackRttUs = rttUs;
    if (sentAtUs < this.rackSentAtUs || (sentAtUs === this.rackSentAtUs && end <= this.rackEnd)) return;
    this.rackSentAtUs = sentAtUs;
    this.rackEnd = end;
  }

  /** Returns the segments that are selectively acknowledged for the first time. */
  private markSacked(ranges: readonly number[]): Segment[] {
    const sacked: Segment[] = [];
    for (const segment of this.inflight) {
      if (segment.sacked) continue;
      for (let index = 0; index < ranges.length; index += 2) {
        if (segment.seq < ranges[index] || segment.end > ranges[index + 1]) continue;
        segment.sacked = true;
        segment.lost = false;
        sacked.push(segment);
        this.noteDelivered(segment);
      }
    }
    return sacked;
  }

  private updateTailLossProbe(packet: Packet, advanced: boolean, duplicate: boolean): void {
    if (packet.ack > this.probeHigh || (packet.ack === this.probeHigh && !advanced && duplicate)) this.probeHigh = -1;
  }

  private afterProgress(segments: number): void {
    this.duplicateAcks = 0;
    this.firstTimeoutAtUs = -1;
    if (this.state !== 'open' && this.una >= this.recoverUpTo) {
      if (this.state === 'recovery') this.windowSegments = this.slowStartThreshold;
      this.state = 'open';
    }
    const growth = this.windowSegments < this.slowStartThreshold ? segments : segments / this.windowSegments;
    if (this.state !== 'recovery') this.windowSegments = Math.min(MAX_WINDOW_SEGMENTS, this.windowSegments + growth);
  }

  /**
   * RACK: what was sent before a segment that has arrived is lost. Without SACK: the head, on the third
   * duplicate or a partial ACK.
   */
  private markLost(advanced: boolean, duplicate: boolean): boolean {
    let found = false;
    if (this.sack) {
      for (const segment of this.inflight) {
        if (segment.sacked || segment.lost || !this.wasSentBeforeDelivered(segment)) continue;
        segment.lost = true;
        found = true;
      }
    } else if (this.inflight.length > 0) {
      if (duplicate) this.duplicateAcks++;
      const partial = advanced && this.state === 'recovery';
      found = partial || (this.duplicateAcks === DUPLICATE_ACK_THRESHOLD && this.state === 'open');
      if (found) this.inflight[0].lost = true;
    }
    return found;
  }

  private wasSentBeforeDelivered({ sentAtUs, end }: Segment): boolean {
    return sentAtUs < this.rackSentAtUs || (sentAtUs === this.rackSentAtUs && end < this.rackEnd);
  }

  /**
   * In recovery an ACK releases as much as it says was delivered, up to the new window; entering releases one
   * segment (RFC 6937, in short).
   */
  private recover(lossFound: boolean, delivered: number, advanced: boolean): void {
    const entering = lossFound && this.state === 'open';
    if (entering) {
      this.state = 'recovery';
      this.recoverUpTo = this.nxt;
      this.slowStartThreshold = Math.max(2, this.windowSegments >> 1);
    }
    if (this.state !== 'recovery') return;
    const pipe = this.pipeSegments();
    const released = Math.min(this.slowStartThreshold, pipe + delivered + (advanced && !lossFound ? 1 : 0));
    this.windowSegments = entering ? Math.max(pipe + 1, released) : released;
  }

  private resendLost(): void {
    for (const segment of this.inflight) {
      if (!segment.lost) continue;
      if (this.pipeSegments() >= this.windowSegments) return;
      this.resend(segment);
      if (segment !== this.inflight[0]) continue;
      this.pending = 'nothing';
      this.armRto();
    }
  }

  /** Segments that are thought to be on their way. */
  private pipeSegments(): number {
    let segments = 0;
    for (const segment of this.inflight) if (!segment.lost && !segment.sacked) segments++;
    return segments;
  }

  /**
   * Arms the probe where Linux would (tcp_schedule_loss_probe); for a lone segment it comes when its RTO
   * would. Returns whether it did.
   * @param advancing the RTO counts from now, as after an ACK, not from when the head was sent
   */
  private armTailLossProbe(advancing: boolean): boolean {
    if (!this.sack || this.state !== 'open' || this.inflight.length === 0) return false;
    const { rtoMinMs, initialRtoMs } = this.parameters;
    const { smoothedMs, rtoMs } = this.rtt;
    const probeMs = smoothedMs < 0 ? initialRtoMs : 2 * smoothedMs + (this.inflight.length === 1 ? rtoMinMs : PROBE_SLACK_MS);
    const untilRtoMs = advancing ? rtoMs : this.untilRtoMs();
    this.pending = 'tail-loss-probe';
    this.armIn(untilRtoMs > 0 ? Math.min(probeMs, untilRtoMs) : probeMs);
    return true;
  }

  /**
   * The RTO counts from now, or, when it takes over from a probe that was not sent, from the head's last
   * transmission (tcp_rearm_rto).
   */
  private armRto(): void {
    let delayMs = this.pending === 'tail-loss-probe' ? this.untilRtoMs() : this.rtt.rtoMs;
    const { userTimeoutMs } = this.parameters;
    if (userTimeoutMs > 0 && this.firstTimeoutAtUs >= 0) {
      delayMs = Math.min(delayMs, userTimeoutMs - (this.kernel.nowUs - this.firstTimeoutAtUs) / US_PER_MS);
    }
    this.pending = 'rto';
    this.armIn(Math.max(0, delayMs));
  }

  private untilRtoMs(): number {
    return this.rtt.rtoMs - (this.kernel.nowUs - this.inflight[0].sentAtUs) / US_PER_MS;
  }

  private disarm(): void {
    this.pending = 'nothing';
    this.timer.disarm();
  }

  private armIn(delayMs: number): void {
    this.timer.arm(wheelDeadlineUs(this.kernel.nowUs, delayMs, this.parameters.jiffyMs, this.timerOffsetUs));
  }
}

const NONE: readonly Segment[] = [];

function wasResent(segment: Segment): boolean {
  return segment.retransmitted;
}

function wasSentOnce(segment: Segment): boolean {
  return !segment.retransmitted;
}

function isNews(segment: Segment): boolean {
  return !segment.sacked;
}
