/**
 * A packet on its way: a TCP segment, a datagram of SNTP (DNS and DHCP are modelled as times), or what ICMP
 * says of a segment. Immutable once sent.
 */

/** From the board to the relay, and back; also part of the names of random streams. */
export type Way = 'up' | 'down';

export const SYN = 1;
export const ACK = 2;
export const FIN = 4;
export const RST = 8;
/** No segment but a datagram: what TCP alone has is 0. */
export const UDP = 16;
/** Neither: fragmentation needed, and DF set (RFC 792, RFC 1191). */
export const ICMP = 32;

/** IPv4 and TCP headers without options (RFC 791, RFC 9293). */
const HEADER_BYTES = 40;
/** IPv4 and UDP headers (RFC 768). */
const UDP_HEADER_BYTES = 28;
/** Timestamps option (RFC 7323) with its padding. */
const TIMESTAMP_BYTES = 12;
/** MSS, SACK-permitted and window scale on a SYN. */
const SYN_OPTION_BYTES = 8;
/** SACK option (RFC 2018) with its padding, and each edge of a range. */
const SACK_BYTES = 4;
const SACK_EDGE_BYTES = 4;

export class Packet {
  /** Number of the connection in this world: stands for addresses and ports. */
  readonly flow: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  readonly data: string;
  /** Timestamp value and echo (RFC 7323), ms; 0 = not used on this connection. */
  readonly tsval: number;
  readonly tsecr: number;
  /**
   * On a SYN: the sender's MSS, bytes, and whether it permits selective acknowledgement (RFC 2018). Of ICMP:
   * the data that would pass. Otherwise 0 and false.
   */
  readonly mss: number;
  readonly sackPermitted: boolean;
  /** Out-of-order ranges held by the receiver: start, end, start, end … ; null when there are none. */
  readonly sack: readonly number[] | null;

  constructor(
    flow: number,
    flags: number,
    seq: number,
    ack: number,
    window: number,
    data: string,
    tsval: number,
    tsecr: number,
    mss: number,
    sackPermitted: boolean,
    sack: readonly number[] | null,
  ) {
    this.flow = flow;
    this.flags = flags;
    this.seq = seq;
    this.ack = ack;
    this.window = window;
    this.data = data;
    this.tsval = tsval;
    this.tsecr = tsecr;
    this.mss = mss;
    this.sackPermitted = sackPermitted;
    this.sack = sack;
  }

  /** A reset as somebody between the two ends makes one up: either end takes it for the other's. */
  static reset(flow: number): Packet {
    return new Packet(flow, RST, 0, 0, 0, '', 0, 0, 0, false, null);
  }

  /** What a router says of a segment that is larger than the next link's MTU, to who sent it. */
  static tooBig(segment: Packet, mtuBytes: number): Packet {
    const passes = mtuBytes - (segment.wireBytes - segment.data.length);
    return new Packet(segment.flow, ICMP, segment.seq, 0, 0, '', 0, 0, passes, false, null);
  }

  /** Sequence space the segment takes: SYN and FIN count as one byte each. */
  get length(): number {
    return this.data.length + (this.flags & SYN ? 1 : 0) + (this.flags & FIN ? 1 : 0);
  }

  /** Bytes on the link, IP header included. */
  get wireBytes(): number {
    if (this.flags & UDP) return UDP_HEADER_BYTES + this.data.length;
    const timestampBytes = this.tsval > 0 ? TIMESTAMP_BYTES : 0;
    const synBytes = this.flags & SYN ? SYN_OPTION_BYTES : 0;
    const sackBytes = this.sack === null ? 0 : SACK_BYTES + this.sack.length * SACK_EDGE_BYTES;
    return HEADER_BYTES + this.data.length + timestampBytes + synBytes + sackBytes;
  }
}
