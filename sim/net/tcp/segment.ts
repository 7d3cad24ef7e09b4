/** A segment that was sent and is not yet acknowledged: an entry of the retransmission queue. */

export class Segment {
  readonly seq: number;
  readonly data: string;
  /** FIN, or 0. */
  readonly flags: number;
  /** Of the latest transmission, µs. */
  sentAtUs: number;
  retransmitted = false;
  /** Thought lost and not yet sent again. */
  lost = false;
  /** Selectively acknowledged. */
  sacked = false;

  constructor(seq: number, data: string, flags: number, sentAtUs: number) {
    this.seq = seq;
    this.data = data;
    this.flags = flags;
    this.sentAtUs = sentAtUs;
  }

  get end(): number {
    return this.seq + this.data.length + (this.flags ? 1 : 0);
  }
}
