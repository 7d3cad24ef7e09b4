/**
 * Loss recovery as Linux does it (net/ipv4/tcp_input.c, tcp_output.c, tcp_recovery.c, tcp_timer.c): RTO of SRTT + max(variance, 200 ms), tail-loss
 * probe, RACK without a reordering window (links keep order), NewReno where the peer has no SACK, no new data after an RTO until all is repaired.
 *
 * Against a peer without SACK, as lwIP is, Linux sends no tail-loss probe, and without timestamps Karn's rule leaves a backed-off RTO standing
 * until a segment passes at first try. Not modelled, because not visible below 20 % loss: F-RTO, Eifel and DSACK undo, PRR, CUBIC's growth.
 */
import { US_PER_MS } from '../../kernel/units.ts';
import type { Packet } from '../packet.ts';
import { wheelDeadlineUs } from './linux-timer.ts';
import { LinuxRtt } from './linux-rtt.ts';
import type { LinuxParameters } from './parameters.ts';
import type { Segment } from './segment.ts';
import { Sender, type SenderOwner } from './sender.ts';

const INITIAL_WINDOW_SEGMENTS = 10; // RFC 6928, TCP_INIT_CWND
const MAX_WINDOW_SEGMENTS = 1000;
const DUPLICATE_ACK_THRESHOLD = 3; // RFC 5681 section 3.2
/** A tail-loss probe for one segment waits for a delayed ACK too (RFC 8985 section 7.2: WCDelAckT 200 ms). */
const PROBE_DELAYED_ACK_MS = 200;
const PROBE_SLACK_MS = 2;

type Purpose = 'rto' | 'tail-loss' | 'window-probe';

export class LinuxSender extends Sender {
  private readonly parameters: LinuxParameters;
  private readonly sack: boolean;
  private readonly jiffyOffsetUs: number;
  private readonly rtt: LinuxRtt;
  private purpose: Purpose = 'rto';
  private state: 'open' | 'recovery' | 'loss' = 'open';
  private recoverUpTo = 0;
  private windowSegments = INITIAL_WINDOW_SEGMENTS;
  private slowStartThreshold = MAX_WINDOW_SEGMENTS;
  private duplicateAcks = 0;
  /** Send time and round trip of the latest segment known to have arrived (RACK, RFC 8985). */
  private rackSentAtUs = -1;
  private rackRttUs = 0;
  /** `nxt` when a tail-loss probe was sent; -1 when none is outstanding. */
  private probeHigh = -1;
  private firstTimeoutAtUs = -1;
  private windowProbes = 0;

  constructor(owner: SenderOwner, parameters: LinuxParameters, sack: boolean, jiffyOffsetUs: number) {
    super(owner, parameters.mss, parameters.nagle, parameters.sendBufferBytes);
    this.parameters = parameters;
    this.sack = sack;
    this.jiffyOffsetUs = jiffyOffsetUs;
    this.rtt = new LinuxRtt(parameters);
  }

  /** The handshake is over. @param sampleMs its round trip, or -1 when it gave none (RFC 6298 section 5.7) */
  onEstablished(sampleMs: number): void {
    if (sampleMs >= 0) this.rtt.sample(sampleMs, this.una, this.nxt);
    else this.rtt.fallBack();
  }

  protected allowance(): number {
    if (this.state === 'loss') return 0;
    return this.pipeSegments() < this.windowSegments ? Number.POSITIVE_INFINITY : 0;
  }

  protected onSent(): void {
    if (this.timer.armed && this.purpose === 'rto' && this.state !== 'open') return;
    if (!this.armTailLossProbe() && !(this.timer.armed && this.purpose === 'rto')) this.armRto();
  }

  protected onAcknowledgement(packet: Packet, acknowledged: Segment[], advanced: boolean, duplicate: boolean): void {
    if (advanced) this.takeSample(packet, acknowledged);
    for (const segment of acknowledged) if (!segment.sacked) this.noteDelivered(segment);
    if (packet.sack) this.markSacked(packet.sack);
    this.updateTailLossProbe(packet, advanced, duplicate);
    if (advanced) this.afterProgress(acknowledged.length);
    this.detectLoss(advanced, duplicate);
    this.resendLost();
    if (this.inflight.length === 0) this.timer.disarm();
    else if (advanced && !this.armTailLossProbe()) this.armRto();
  }

  protected armProbe(): void {
    this.purpose = 'window-probe';
    this.armIn(Math.min(this.rtt.rtoMs * 2 ** this.windowProbes, this.parameters.rtoMaxMs));
  }

  protected onTimer(): void {
    switch (this.purpose) {
      case 'rto':
        this.onRetransmissionTimeout();
        return;
      case 'tail-loss':
        this.onTailLossTimeout();
        return;
      case 'window-probe':
        this.onWindowProbe();
        return;
    }
  }

  private onRetransmissionTimeout(): void {
    if (this.inflight.length === 0) return;
    const now = this.kernel.nowUs;
    if (this.firstTimeoutAtUs >= 0 && now - this.firstTimeoutAtUs >= this.patienceUs()) {
      this.owner.giveUp();
      return;
    }
    if (this.firstTimeoutAtUs < 0) this.firstTimeoutAtUs = now;
    this.probeHigh = -1;
    if (this.state !== 'loss') this.slowStartThreshold = Math.max(2, this.windowSegments >> 1);
    this.state = 'loss';
    this.recoverUpTo = this.nxt;
    this.windowSegments = 1;
    for (const segment of this.inflight) {
      if (!segment.sacked && segment.sentAtUs + this.rackRttUs <= now) segment.lost = true;
    }
    this.resend(this.inflight[0]);
    this.rtt.backOff();
    this.armRto();
  }

  private onTailLossTimeout(): void {
    if (this.inflight.length === 0) return;
    this.probeHigh = this.nxt;
    this.resend(this.inflight[this.inflight.length - 1]);
    this.armRto();
  }

  private onWindowProbe(): void {
    if (!this.probeNeeded) return;
    if (this.windowProbes >= this.parameters.dataRetries) {
      this.owner.giveUp();
      return;
    }
    this.windowProbes++;
    this.sendProbe();
    this.armProbe();
  }

  /** How long after the first timeout data is given up: tcp_retries2, or TCP_USER_TIMEOUT. */
  private patienceUs(): number {
    const { dataRetries, rtoMinMs, rtoMaxMs, userTimeoutMs } = this.parameters;
    if (userTimeoutMs > 0) return userTimeoutMs * US_PER_MS;
    const doublings = Math.floor(Math.log2(rtoMaxMs / rtoMinMs));
    const doubling = rtoMinMs * (2 ** (Math.min(dataRetries, doublings) + 1) - 1);
    return (doubling + Math.max(0, dataRetries - doublings) * rtoMaxMs) * US_PER_MS;
  }

  private takeSample(packet: Packet, acknowledged: Segment[]): void {
    this.windowProbes = 0;
    if (acknowledged.length === 0) return;
    const now = this.kernel.nowUs;
    if (!acknowledged.some((segment) => segment.retransmitted)) {
      this.rtt.sample((now - acknowledged[0].sentAtUs) / US_PER_MS, this.una, this.nxt);
    } else if (packet.tsecr > 0) {
      this.rtt.sample(Math.max(1, Math.floor(now / US_PER_MS) + 1 - packet.tsecr), this.una, this.nxt);
    }
  }

  private noteDelivered(segment: Segment): void {
    const rttUs = this.kernel.nowUs - segment.sentAtUs;
    if (segment.retransmitted && rttUs < this.rtt.minMs * US_PER_MS) return; // the answer to an earlier transmission
    if (segment.sentAtUs > this.rackSentAtUs) this.rackSentAtUs = segment.sentAtUs;
    this.rackRttUs = rttUs;
  }

  private markSacked(ranges: readonly number[]): void {
    for (const segment of this.inflight) {
      if (segment.sacked) continue;
      for (let index = 0; index < ranges.length; index += 2) {
        if (segment.seq < ranges[index] || segment.end > ranges[index + 1]) continue;
        segment.sacked = true;
        segment.lost = false;
        this.noteDelivered(segment);
      }
    }
  }

  private updateTailLossProbe(packet: Packet, advanced: boolean, duplicate: boolean): void {
    if (this.probeHigh < 0 || packet.ack < this.probeHigh) return;
    if (packet.ack > this.probeHigh || (!advanced && (duplicate || packet.length === 0))) this.probeHigh = -1;
  }

  private afterProgress(segments: number): void {
    this.duplicateAcks = 0;
    if (this.state !== 'open' && this.una >= this.recoverUpTo) {
      this.state = 'open';
      this.windowSegments = Math.max(this.windowSegments, Math.min(this.slowStartThreshold, INITIAL_WINDOW_SEGMENTS));
      for (const segment of this.inflight) segment.lost = false;
    }
    if (this.state !== 'loss') this.firstTimeoutAtUs = -1;
    const growth = this.windowSegments < this.slowStartThreshold ? segments : segments / this.windowSegments;
    if (this.state !== 'recovery') this.windowSegments = Math.min(MAX_WINDOW_SEGMENTS, this.windowSegments + growth);
  }

  private detectLoss(advanced: boolean, duplicate: boolean): void {
    let found = false;
    if (this.sack) {
      for (const segment of this.inflight) {
        if (segment.sacked || segment.lost || segment.sentAtUs >= this.rackSentAtUs) continue;
        segment.lost = true;
        found = true;
      }
    } else if (this.inflight.length > 0) {
      if (duplicate) this.duplicateAcks++;
      const partial = advanced && this.state === 'recovery';
      if (partial || (this.duplicateAcks === DUPLICATE_ACK_THRESHOLD && this.state === 'open')) {
        this.inflight[0].lost = true;
        found = true;
      }
    }
    if (!found || this.state !== 'open') return;
    this.state = 'recovery';
    this.recoverUpTo = this.nxt;
    this.slowStartThreshold = Math.max(2, this.windowSegments >> 1);
    this.windowSegments = this.slowStartThreshold;
  }

  private resendLost(): void {
    for (const segment of this.inflight) {
      if (!segment.lost) continue;
      if (this.pipeSegments() >= this.windowSegments) return;
      this.resend(segment);
    }
  }

  private pipeSegments(): number {
    if (this.inflight.length === 0) return 0;
    let segments = 0;
    for (const segment of this.inflight) if (!segment.lost && !segment.sacked) segments++;
    return segments;
  }

  /** Arms the probe where Linux would; a probe for a lone segment comes when its RTO would. Returns whether it did. */
  private armTailLossProbe(): boolean {
    if (!this.sack || this.state !== 'open' || this.inflight.length === 0 || this.probeHigh >= 0) return false;
    const head = this.inflight[0];
    const untilRtoMs = (head.sentAtUs - this.kernel.nowUs) / US_PER_MS + this.rtt.rtoMs;
    const probeMs = this.rtt.smoothedMs < 0 ? this.parameters.initialRtoMs : 2 * this.rtt.smoothedMs + this.probeSlackMs();
    this.purpose = 'tail-loss';
    this.armIn(Math.max(0, Math.min(probeMs, untilRtoMs)));
    return true;
  }

  private probeSlackMs(): number {
    return this.inflight.length === 1 ? PROBE_DELAYED_ACK_MS : PROBE_SLACK_MS;
  }

  private armRto(): void {
    this.purpose = 'rto';
    this.armIn(this.rtt.rtoMs);
  }

  private armIn(delayMs: number): void {
    this.timer.arm(wheelDeadlineUs(this.kernel.nowUs, delayMs, this.parameters.jiffyMs, this.jiffyOffsetUs));
  }
}
