/**
 * The receiving half of a connection: reassembly, the offered window, and when to acknowledge (RFC 9293
 * section 3.8.6, RFC 5681 section 4.2).
 *
 * Linux acknowledges at once, except in "ping-pong mode" (this side answers what it receives), where it waits
 * 40 ms for the answer to carry the ACK. lwIP waits for its 250 ms timer, but acknowledges every second
 * segment at once.
 */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { US_PER_MS } from '../../kernel/units.ts';
import { FIN, type Packet } from '../wire/packet.ts';
import { wheelDeadlineUs } from './linux-timer.ts';
import type { TcpParameters } from './parameters.ts';

/**
 * Linux acknowledges at once beyond this many bytes not yet acknowledged (initial estimate of the sender's
 * MSS).
 */
const LINUX_ACK_BYTES = 536;
/** A SACK option beside timestamps has room for three ranges (RFC 2018 section 3). */
const MAX_SACK_RANGES = 3;

interface Held {
  seq: number;
  data: string;
  fin: boolean;
}

export interface ReceiverOwner {
  readonly kernel: Timeline;
  sendAck(): void;
  /** Bytes, or the end, are there to be read. */
  onReadable(): void;
}

export class Receiver {
  private readonly owner: ReceiverOwner;
  private readonly parameters: TcpParameters;
  private readonly phaseUs: number;
  private readonly timer: LazyTimer;
  private readonly outOfOrder: Held[] = [];
  private buffered = '';
  private pingPong = false;
  private ackPending = false;
  private lastReceivedAtUs = Number.NEGATIVE_INFINITY;
  private lastAckSent = 0;
  private lastWindow: number;
  next = 0;
  /** The peer's FIN has come, and everything before it. */
  finReceived = false;
  /** Latest timestamp to echo (RFC 7323), 0 before the first. */
  tsRecent = 0;

  /** @param phaseUs offset of the stack's timers, see the senders */
  constructor(owner: ReceiverOwner, parameters: TcpParameters, phaseUs: number) {
    this.owner = owner;
    this.parameters = parameters;
    this.phaseUs = phaseUs;
    this.lastWindow = parameters.receiveBufferBytes;
    this.timer = new LazyTimer(owner.kernel, () => this.onDelayedAck());
  }

  get window(): number {
    return Math.max(0, this.parameters.receiveBufferBytes - this.buffered.length);
  }

  /** When an acknowledgement that waits is due, µs; Infinity: none does. */
  get ackDueUs(): number {
    return this.timer.deadlineUs;
  }

  get bufferedBytes(): number {
    return this.buffered.length;
  }

  /** The peer has ended and everything it sent was read. */
  get atEnd(): boolean {
    return this.finReceived && this.buffered.length === 0;
  }

  /** Out-of-order ranges for a SACK option, or null. */
  get sackRanges(): number[] | null {
    if (this.outOfOrder.length === 0) return null;
    const ranges: number[] = [];
    for (const held of this.outOfOrder) {
      const end = held.seq + held.data.length + (held.fin ? 1 : 0);
      if (ranges.length > 0 && ranges[ranges.length - 1] === held.seq) ranges[ranges.length - 1] = end;
      else ranges.push(held.seq, end);
    }
    return ranges.slice(0, 2 * MAX_SACK_RANGES);
  }

  /** Takes at most `bytes` bytes; '' when there are none. */
  read(bytes: number): string {
    const all = this.buffered;
    if (all.length <= bytes) {
      this.buffered = '';
      this.afterRead();
      return all;
    }
    this.buffered = all.slice(bytes);
    this.afterRead();
    return all.slice(0, bytes);
  }

  /** The peer's SYN has come. @param tsval its timestamp, 0 without */
  start(tsval: number): void {
    this.next = 1;
    this.lastAckSent = 1;
    this.tsRecent = tsval;
  }

  /**
   * Whether a packet is worth looking at. Linux answers one that lies wholly below its last acknowledgement
   * and ignores it, timestamp and ACK included; lwIP answers it too (see `accept`) but takes its ACK.
   */
  isCurrent(packet: Packet): boolean {
    if (this.parameters.kind === 'linux' && packet.seq + packet.length < this.lastAckSent) {
      this.pingPong = false;
      this.ackNow();
      return false;
    }
    if (packet.tsval > 0 && packet.seq <= this.lastAckSent) this.tsRecent = packet.tsval;
    return true;
  }

  /** Takes a current packet's data and FIN. */
  accept(packet: Packet): void {
    if (packet.length === 0) {
      if (packet.seq < this.next) this.ackNow(); // a zero-window probe
      return;
    }
    if (packet.seq + packet.length <= this.next) {
      this.pingPong = false;
      this.ackNow();
      return;
    }
    const fin = (packet.flags & FIN) !== 0;
    if (packet.seq > this.next) {
      this.hold(packet.seq, packet.data, fin);
      this.ackNow();
      return;
    }
    this.takeInOrder(packet, fin);
  }

  /** A packet that carries the current acknowledgement has left. */
  onAckSent(withData: boolean): void {
    this.ackPending = false;
    this.timer.disarm();
    this.lastAckSent = this.next;
    this.lastWindow = this.window;
    if (withData && this.parameters.kind === 'linux') {
      const { delayedAckMs } = this.parameters;
      if (this.owner.kernel.nowUs - this.lastReceivedAtUs < delayedAckMs * US_PER_MS) this.pingPong = true;
    }
  }

  stop(): void {
    this.timer.disarm();
  }

  private takeInOrder(packet: Packet, fin: boolean): void {
    const skip = this.next - packet.seq;
    const data = skip > 0 ? packet.data.slice(skip) : packet.data;
    if (data.length > this.window) {
      this.ackNow(); // beyond the window, as a sender with stale news of it may be: it will come again
      return;
    }
    this.append(data, fin);
    const linux = this.parameters.kind === 'linux';
    const filledHole = linux && this.outOfOrder.length > 0; // lwIP counts such a segment like any other
    while (this.outOfOrder.length > 0 && this.outOfOrder[0].seq <= this.next) this.takeHeld(this.outOfOrder.shift() as Held);
    this.scheduleAck(filledHole || fin);
    this.lastReceivedAtUs = this.owner.kernel.nowUs;
    this.owner.onReadable();
  }

  private takeHeld(held: Held): void {
    const skip = this.next - held.seq;
    if (held.seq + held.data.length + (held.fin ? 1 : 0) > this.next) this.append(held.data.slice(skip), held.fin);
  }

  private append(data: string, fin: boolean): void {
    this.buffered += data;
    this.next += data.length + (fin ? 1 : 0);
    if (fin) this.finReceived = true;
  }

  private hold(seq: number, data: string, fin: boolean): void {
    if (seq + data.length > this.next + this.window) return;
    let index = this.outOfOrder.length;
    while (index > 0 && this.outOfOrder[index - 1].seq > seq) index--;
    if (index > 0 && this.outOfOrder[index - 1].seq === seq) return;
    this.outOfOrder.splice(index, 0, { seq, data, fin });
  }

  private scheduleAck(atOnce: boolean): void {
    const { kernel } = this.owner;
    if (atOnce) {
      this.ackNow();
    } else if (this.parameters.kind === 'lwip') {
      if (this.ackPending) {
        this.ackNow();
        return;
      }
      const tickUs = this.parameters.fastTimerMs * US_PER_MS;
      this.ackPending = true;
      this.timer.arm((Math.floor((kernel.nowUs - this.phaseUs) / tickUs) + 1) * tickUs + this.phaseUs);
    } else if (!this.pingPong || this.next - this.lastAckSent > LINUX_ACK_BYTES) {
      this.ackNow();
    } else if (!this.ackPending) {
      this.ackPending = true;
      this.timer.arm(wheelDeadlineUs(kernel.nowUs, this.parameters.delayedAckMs, this.parameters.jiffyMs, this.phaseUs));
    }
  }

  private ackNow(): void {
    this.owner.sendAck();
  }

  private onDelayedAck(): void {
    if (!this.ackPending) return;
    this.pingPong = false;
    this.owner.sendAck();
  }

  /** Reopening a window that had nearly closed is told at once (RFC 9293 section 3.8.6.2.2). */
  private afterRead(): void {
    const grown = this.window - this.lastWindow;
    if (grown >= Math.min(2 * this.parameters.mss, this.parameters.receiveBufferBytes / 4)) this.owner.sendAck();
  }
}
