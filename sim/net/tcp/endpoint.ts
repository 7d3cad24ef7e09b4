/**
 * One end of a TCP connection (RFC 9293): the state machine, and the packets it sends and takes.
 *
 * Not modelled: TIME_WAIT (no port is used twice; who runs out of them is counted in balancer/ports.ts),
 * simultaneous open, blind-reset checks, half-duplex reads after the own close.
 */
import { LazyTimer } from '../../kernel/lazy-timer.ts';
import type { Timeline } from '../../kernel/timeline.ts';
import { msFromUs, US_PER_MS } from '../../kernel/units.ts';
import { ACK, Packet, RST, SYN } from '../wire/packet.ts';
import { Handshake, type HandshakeOwner } from './handshake.ts';
import { type EndpointState, type SocketSnapshot, type SocketTimer, stateName } from './netstat.ts';
import type { TcpParameters } from './parameters.ts';
import { Receiver, type ReceiverOwner } from './receiver.ts';
import type { Sender, SenderOwner } from './sender.ts';
import { LinuxSender } from './sender-linux.ts';
import { LwipSender } from './sender-lwip.ts';

/**
 * How a connection ended: in order, refused by RST to the SYN, reset by the peer, or given up after its
 * retries.
 */
export type TcpEnd = '' | 'refused' | 'reset' | 'timeout';

/** What a connection tells its application. Nothing comes after `onClose`, nor after `release`. */
export interface TcpHandlers {
  onConnect(): void;
  /** There are bytes to `read`, or `atEnd` has become true. */
  onReadable(): void;
  /** There is room again after `write` returned false. */
  onDrain(): void;
  onClose(end: TcpEnd): void;
}

/** The machine that the endpoint runs on. */
export interface TcpHost {
  readonly kernel: Timeline;
  readonly parameters: TcpParameters;
  /** Offset of the host's timer ticks, µs. */
  readonly phaseUs: number;
  transmit(packet: Packet): void;
  countRetransmit(): void;
  /** Whether the listener that it came to has room for it now that its handshake ends. */
  hasRoom(endpoint: TcpEndpoint): boolean;
  /** Data that a segment may carry on the path of this flow, as far as ICMP has said, bytes. */
  pathMssOf(flow: number): number;
  /** The endpoint is closed and may be forgotten. */
  onEndpointClosed(endpoint: TcpEndpoint): void;
}

const NO_HANDLERS: TcpHandlers = { onConnect() {}, onReadable() {}, onDrain() {}, onClose() {} };

export class TcpEndpoint implements SenderOwner, ReceiverOwner, HandshakeOwner {
  readonly kernel: Timeline;
  readonly flow: number;
  private readonly host: TcpHost;
  private readonly parameters: TcpParameters;
  private readonly receiver: Receiver;
  private readonly handshake: Handshake;
  private readonly lingerTimer: LazyTimer;
  private sender: Sender;
  private handlers: TcpHandlers;
  private state: EndpointState = 'closed';
  private released = false;
  /** How it ended, for who takes it off a listener afterwards. */
  private ended: TcpEnd = '';
  /** Its FIN went before the peer's came. */
  private closesFirst = false;
  /** It has ended in order after closing first: its port stays taken for a while (ports.ts). */
  inTimeWait = false;
  private wantsDrain = false;
  private timestamps: boolean;
  private sack: boolean;

  constructor(host: TcpHost, flow: number, handlers: TcpHandlers, passive: boolean) {
    this.host = host;
    this.kernel = host.kernel;
    this.flow = flow;
    this.handlers = handlers;
    this.parameters = host.parameters;
    this.timestamps = host.parameters.timestamps;
    this.sack = host.parameters.sack;
    this.receiver = new Receiver(this, host.parameters, host.phaseUs);
    this.handshake = new Handshake(this, host.parameters, host.phaseUs, passive);
    this.lingerTimer = new LazyTimer(host.kernel, () => this.close('timeout'));
    this.sender = this.createSender();
  }

  setHandlers(handlers: TcpHandlers): void {
    this.handlers = handlers;
  }

  /** The application takes it off its listener, and hears what came while it waited there. */
  adopt(handlers: TcpHandlers): void {
    this.handlers = handlers;
    if (this.receiver.bufferedBytes > 0 || this.receiver.atEnd) handlers.onReadable();
    if (this.state === 'closed') {
      this.handlers = NO_HANDLERS;
      handlers.onClose(this.ended);
    }
  }

  /** Starts the handshake from this side. */
  connect(): void {
    this.state = 'syn-sent';
    this.handshake.start();
  }

  /** Answers a SYN that came to a listener. */
  acceptSyn(packet: Packet): void {
    this.state = 'syn-received';
    this.negotiate(packet);
    this.handshake.start();
  }

  /** Answers a SYN by a cookie: once, with nothing kept but what the peer's ACK will tell again. */
  answerOnce(packet: Packet): void {
    this.state = 'syn-received';
    this.negotiate(packet);
    this.handshake.forgo();
    this.sendSyn();
  }

  get isOpen(): boolean {
    return this.state !== 'closed';
  }

  get atEnd(): boolean {
    return this.receiver.atEnd;
  }

  get readableBytes(): number {
    return this.receiver.bufferedBytes;
  }

  /** As it is now, for netstat. @throws when it is closed: then it is no connection */
  snapshot(): SocketSnapshot {
    const { sender, receiver, handshake, kernel, lingerTimer } = this;
    const { untilUs, retries } = handshake.waiting;
    const timer = (kind: SocketTimer['kind'], atUs: number) =>
      Number.isFinite(atUs) ? [{ kind, inMs: msFromUs(atUs - kernel.nowUs) }] : [];
    const { timers, ...sent } = sender.snapshot();
    return {
      flow: this.flow,
      state: stateName(this.state, sender.finAcknowledged, this.closesFirst),
      receivedBytes: receiver.bufferedBytes,
      ...sent,
      retransmissions: Math.max(sent.retransmissions, Number.isFinite(untilUs) ? retries : 0),
      timers: [...timer('on', untilUs), ...timers, ...timer('ack', receiver.ackDueUs), ...timer('orphan', lingerTimer.deadlineUs)],
    };
  }

  /** Nothing written is still unacknowledged. */
  get flushed(): boolean {
    return this.sender.allAcknowledged;
  }

  /** Returns whether more is welcome; false promises an `onDrain`. Ignored once ended. */
  write(data: string): boolean {
    if (this.state !== 'established' && this.state !== 'fin-received') return true;
    const room = this.sender.write(data);
    if (!room) this.wantsDrain = true;
    return room;
  }

  read(bytes: number): string {
    return this.receiver.read(bytes);
  }

  /** FIN after everything written. */
  end(): void {
    switch (this.state) {
      case 'established':
        this.closesFirst = !this.receiver.finReceived;
        this.state = 'fin-sent';
        this.sender.end();
        return;
      case 'fin-received':
        this.state = 'both-fins';
        this.sender.end();
        return;
      case 'syn-sent':
      case 'syn-received':
        this.close('');
        return;
      default:
        return;
    }
  }

  /**
   * The application lets go (`close(fd)`): no more callbacks; the kernel still delivers what was written,
   * then FIN, for a bounded time.
   */
  release(): void {
    if (this.released || this.state === 'closed') return;
    this.released = true;
    this.handlers = NO_HANDLERS;
    if (this.receiver.bufferedBytes > 0) {
      this.abort(); // unread data is answered with RST (RFC 2525 section 2.17)
      return;
    }
    this.end();
    if (this.isOpen) this.lingerTimer.arm(this.kernel.nowUs + this.parameters.orphanMs * US_PER_MS);
  }

  /** Sends RST and is gone. */
  abort(): void {
    if (this.state === 'closed') return;
    if (this.state !== 'syn-sent') this.sendFlags(RST | ACK);
    this.close('reset');
  }

  /** The same, without a word to the application. */
  drop(): void {
    this.handlers = NO_HANDLERS;
    this.abort();
  }

  /** Is gone without a word, to the wire or to the application. */
  forget(): void {
    this.handlers = NO_HANDLERS;
    this.close('');
  }

  receive(packet: Packet): void {
    if (this.state === 'closed') return;
    if (packet.flags & RST) {
      this.close(this.state === 'syn-sent' ? 'refused' : 'reset');
    } else if (this.state === 'syn-sent') {
      if (packet.flags & SYN) this.onSynAck(packet);
    } else if (packet.flags & SYN) {
      if (this.state === 'syn-received') this.handshake.onRepeatedSyn();
      else this.sendAck();
    } else {
      this.onSegment(packet);
    }
  }

  sendSegment(seq: number, flags: number, data: string): void {
    this.transmit(flags | ACK, seq, data);
    this.receiver.onAckSent(data.length > 0);
  }

  sendAck(): void {
    if (this.state === 'closed') return;
    this.transmit(ACK, this.sender.nxt, '');
    this.receiver.onAckSent(false);
  }

  sendSyn(): void {
    this.transmit(this.state === 'syn-sent' ? SYN : SYN | ACK, 0, '');
  }

  countRetransmit(): void {
    this.host.countRetransmit();
  }

  giveUp(): void {
    this.close('timeout');
  }

  onAcknowledged(): void {
    if (this.wantsDrain && this.sender.hasRoom) {
      this.wantsDrain = false;
      this.handlers.onDrain();
    }
  }

  onReadable(): void {
    if (this.released) {
      if (this.receiver.bufferedBytes > 0) this.abort();
      return;
    }
    this.handlers.onReadable();
  }

  private onSynAck(packet: Packet): void {
    this.negotiate(packet);
    this.establish(packet);
    this.sendAck();
    this.handlers.onConnect();
  }

  private onSegment(packet: Packet): void {
    if (this.state === 'syn-received') {
      if (packet.ack < 1 || !this.host.hasRoom(this)) return;
      this.establish(packet);
      this.sender.onPeerOptions(0, packet.window);
      this.handlers.onConnect();
    }
    const { receiver, sender } = this;
    if (!receiver.isCurrent(packet)) return;
    sender.onAck(packet);
    const hadFin = receiver.finReceived;
    receiver.accept(packet);
    if (receiver.finReceived && !hadFin) this.onFin();
    if (!this.isOpen) return;
    sender.output(); // after the application, so that what it wrote carries the acknowledgement
    this.closeWhenDone();
  }

  private onFin(): void {
    if (this.state === 'established') this.state = 'fin-received';
    else if (this.state === 'fin-sent') this.state = 'both-fins';
  }

  private closeWhenDone(): void {
    if (this.state === 'both-fins' && this.sender.finAcknowledged) this.close('');
  }

  /**
   * The handshake is over with this packet: its round trip is the first sample, by the echoed timestamp if
   * something was sent twice.
   */
  private establish(packet: Packet): void {
    this.state = 'established';
    const exactMs = this.handshake.finish();
    const echoed = exactMs < 0 && this.timestamps && packet.tsecr > 0;
    if (this.sender instanceof LinuxSender) this.sender.onEstablished(echoed ? Math.max(1, this.timestamp() - packet.tsecr) : exactMs);
  }

  /** Takes the options of the peer's SYN: what both can do is used. */
  private negotiate(packet: Packet): void {
    this.timestamps = this.timestamps && packet.tsval > 0;
    this.sack = this.sack && packet.sackPermitted;
    this.receiver.start(packet.tsval);
    this.sender = this.createSender();
    this.sender.onPeerOptions(Math.min(packet.mss, this.host.pathMssOf(this.flow)), packet.window);
  }

  /** ICMP: no segment with more data than this passes. */
  onTooBig(mss: number): void {
    if (this.state !== 'closed') this.sender.onTooBig(mss);
  }

  private createSender(): Sender {
    const { parameters } = this;
    if (parameters.kind === 'linux') return new LinuxSender(this, parameters, this.sack, this.host.phaseUs);
    return new LwipSender(this, parameters, this.host.phaseUs);
  }

  private close(end: TcpEnd): void {
    if (this.state === 'closed') return;
    const handlers = this.handlers;
    this.inTimeWait = this.closesFirst && this.state === 'both-fins' && end === '';
    this.state = 'closed';
    this.ended = end;
    this.handlers = NO_HANDLERS;
    this.handshake.stop();
    this.sender.stop();
    this.receiver.stop();
    this.lingerTimer.disarm();
    this.host.onEndpointClosed(this);
    handlers.onClose(end);
  }

  private sendFlags(flags: number): void {
    this.transmit(flags, this.sender.nxt, '');
  }

  private timestamp(): number {
    return Math.floor(this.kernel.nowUs / US_PER_MS) + 1;
  }

  private transmit(flags: number, seq: number, data: string): void {
    const syn = (flags & SYN) !== 0;
    const { receiver } = this;
    this.host.transmit(
      new Packet(
        this.flow,
        flags,
        seq,
        receiver.next,
        receiver.window,
        data,
        this.timestamps ? this.timestamp() : 0,
        this.timestamps ? receiver.tsRecent : 0,
        syn ? this.parameters.mss : 0,
        syn && this.sack,
        this.sack && !syn ? receiver.sackRanges : null,
      ),
    );
  }
}
