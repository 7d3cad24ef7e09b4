/**
 * The sending half of a connection, as far as both stacks agree: cutting written bytes into segments, the
 * retransmission queue, the peer's window, Nagle, zero-window probes. When to send again, and what, differs:
 * see sender-linux.ts and sender-lwip.ts.
 *
 * Not modelled: sequence numbers that wrap, urgent data, window scaling; that an older packet, overtaken by a
 * newer one, tells no window (SND.WL1): where it does, a probe of the window puts it right.
 */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { msFromUs } from '../../kernel/units.ts';
import { FIN, type Packet } from '../wire/packet.ts';
import type { SocketSnapshot, TimerKind } from './netstat.ts';
import { Segment } from './segment.ts';

/** What a sender needs of its connection. */
export interface SenderOwner {
  readonly kernel: Timeline;
  /** Builds and sends a packet carrying this segment and everything there is to acknowledge. */
  sendSegment(seq: number, flags: number, data: string): void;
  /** A segment was sent again: for the counters. */
  countRetransmit(): void;
  /** Data was not acknowledged within the stack's limit: ETIMEDOUT. */
  giveUp(): void;
  /** Everything up to here is acknowledged; room in the buffer may have come. */
  onAcknowledged(): void;
}

export abstract class Sender {
  protected readonly owner: SenderOwner;
  protected readonly kernel: Timeline;
  protected readonly timer: LazyTimer;
  protected readonly inflight: Segment[] = [];
  /** First sequence number that is not acknowledged, and next one to use; 0 is the SYN's. */
  una = 1;
  nxt = 1;
  protected mss: number;
  private readonly nagle: boolean;
  private readonly bufferBytes: number;
  private unsent = '';
  private finQueued = false;
  private finSent = false;
  private peerWindow = 0;
  /** Zero-window probes since the window closed, and since the peer was last heard. */
  protected probes = 0;
  private unansweredProbes = 0;

  constructor(owner: SenderOwner, mss: number, nagle: boolean, bufferBytes: number) {
    this.owner = owner;
    this.kernel = owner.kernel;
    this.mss = mss;
    this.nagle = nagle;
    this.bufferBytes = bufferBytes;
    this.timer = new LazyTimer(owner.kernel, () => this.onTimer());
  }

  /** Queues bytes and sends what may be sent. Returns whether the buffer has room for more. */
  write(data: string): boolean {
    this.unsent += data;
    this.output();
    return this.hasRoom;
  }

  /** FIN after everything written. */
  end(): void {
    this.finQueued = true;
    this.output();
  }

  get hasRoom(): boolean {
    return this.unsent.length + this.nxt - this.una < this.bufferBytes;
  }

  /** Everything written, FIN included, is acknowledged. */
  get finAcknowledged(): boolean {
    return this.finSent && this.una === this.nxt;
  }

  get allAcknowledged(): boolean {
    return this.unsent.length === 0 && this.una === this.nxt;
  }

  /** What netstat shows of it. */
  snapshot(): Pick<SocketSnapshot, 'queuedBytes' | 'unacknowledgedBytes' | 'retransmissions' | 'rtoMs' | 'timers'> {
    const { timer, kernel, inflight } = this;
    const unacknowledgedBytes = this.nxt - this.una;
    return {
      queuedBytes: this.unsent.length + unacknowledgedBytes,
      unacknowledgedBytes,
      retransmissions: inflight[0]?.retransmissions ?? 0,
      rtoMs: this.rtoMs,
      timers: timer.armed ? [{ kind: this.timerKind, inMs: msFromUs(timer.deadlineUs - kernel.nowUs) }] : [],
    };
  }

  /** Retransmission timeout as it stands, ms. */
  protected abstract get rtoMs(): number;
  /** What the timer is armed for. */
  protected abstract get timerKind(): TimerKind;

  /** The peer's SYN or SYN-ACK told its MSS and window. */
  onPeerOptions(mss: number, window: number): void {
    if (mss > 0) this.mss = Math.min(this.mss, mss);
    this.peerWindow = window;
  }

  /**
   * No segment with more data passes: smaller ones from now on, and what is under way is cut anew.
   * @returns whether something under way was too large, which has to be sent again
   */
  onTooBig(mss: number): boolean {
    if (mss >= this.mss) return false;
    this.mss = mss;
    const cut = this.inflight.flatMap((segment) => segment.cutInto(mss));
    const wasTooLarge = cut.length > this.inflight.length;
    this.inflight.splice(0, this.inflight.length, ...cut);
    return wasTooLarge;
  }

  stop(): void {
    this.timer.disarm();
    this.inflight.length = 0;
    this.unsent = '';
  }

  /**
   * Handles the acknowledgement that a packet carries. What it lets through of the unsent data leaves with
   * the next `output`.
   */
  onAck(packet: Packet): void {
    if (packet.ack > this.nxt || packet.ack < this.una) return;
    this.unansweredProbes = 0;
    const windowChanged = packet.window !== this.peerWindow;
    this.peerWindow = packet.window;
    const advanced = packet.ack > this.una;
    const duplicate = !advanced && packet.length === 0 && !windowChanged && this.inflight.length > 0;
    let acknowledged = 0;
    if (advanced) {
      this.una = packet.ack;
      while (acknowledged < this.inflight.length && this.inflight[acknowledged].end <= packet.ack) acknowledged++;
    }
    this.onAcknowledgement(packet, this.inflight.splice(0, acknowledged), advanced, duplicate);
    if (advanced) this.owner.onAcknowledged();
  }

  /** Recovery and timers of the stack. `acknowledged` are the segments this ACK took off the queue. */
  protected abstract onAcknowledgement(packet: Packet, acknowledged: Segment[], advanced: boolean, duplicate: boolean): void;
  /** Bytes beyond `una` that congestion control allows in flight; 0 forbids new data. */
  protected abstract allowance(): number;
  /** New data was sent: arm what watches over it. @param wasIdle nothing was in flight before */
  protected abstract onSent(wasIdle: boolean): void;
  protected abstract onTimer(): void;
  /** Nothing is in flight and the window is closed: arm `timer` for the next probe. */
  protected abstract armProbe(): void;

  /** Sends what window, congestion control and Nagle let through. */
  output(): void {
    const wasIdle = this.inflight.length === 0;
    let sent = false;
    while (this.unsent.length > 0) {
      const room = this.una + Math.min(this.peerWindow, this.allowance()) - this.nxt;
      const bytes = Math.min(this.mss, this.unsent.length, room);
      if (bytes <= 0) break;
      if (this.inflight.length > 0 && bytes < this.mss && (this.nagle || bytes < this.unsent.length)) break;
      const data = this.unsent.length === bytes ? this.unsent : this.unsent.slice(0, bytes);
      this.unsent = this.unsent.length === bytes ? '' : this.unsent.slice(bytes);
      this.sendNew(data, 0);
      sent = true;
    }
    if (this.finQueued && !this.finSent && this.unsent.length === 0 && this.allowance() > 0) {
      this.finSent = true;
      this.sendNew('', FIN);
      sent = true;
    }
    if (sent) {
      this.probes = 0;
      this.onSent(wasIdle);
    } else if (this.probeNeeded && !this.timer.armed) {
      this.armProbe();
    }
  }

  /**
   * Time for a zero-window probe: an empty segment below the window, which the peer answers with an ACK that
   * carries its window (RFC 9293 section 3.8.6.1). A peer that answers may keep its window closed for ever.
   * @param limit of probes in a row without an answer
   */
  protected probeWindow(limit: number): void {
    if (!this.probeNeeded) return;
    if (this.unansweredProbes >= limit) {
      this.owner.giveUp();
      return;
    }
    this.unansweredProbes++;
    this.probes++;
    this.owner.sendSegment(this.una - 1, 0, '');
    this.armProbe();
  }

  protected resend(segment: Segment): void {
    segment.lost = false;
    segment.retransmissions++;
    segment.sentAtUs = this.kernel.nowUs;
    this.owner.countRetransmit();
    this.owner.sendSegment(segment.seq, segment.flags, segment.data);
  }

  /** The peer's window holds back data while nothing is on its way that could bring news of it. */
  private get probeNeeded(): boolean {
    return this.unsent.length > 0 && this.inflight.length === 0;
  }

  private sendNew(data: string, flags: number): void {
    const segment = new Segment(this.nxt, data, flags, this.kernel.nowUs);
    this.nxt = segment.end;
    this.inflight.push(segment);
    this.owner.sendSegment(segment.seq, flags, data);
  }
}
