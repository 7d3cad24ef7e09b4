/** A segment that was sent and is not yet acknowledged: an entry of the retransmission queue. */

export class Segment {
  readonly seq: number;
  readonly data: string;
  /** FIN, or 0. */
  readonly flags: number;
  /** Of the latest transmission, µs. */
  sentAtUs: number;
  retransmissions = 0;
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

  /** Itself, or pieces of at most so many bytes that are lost. */
  cutInto(bytes: number): Segment[] {
    if (this.data.length <= bytes) return [this];
    const pieces: Segment[] = [];
    for (let from = 0; from < this.data.length; from += bytes) {
      const isLast = from + bytes >= this.data.length;
      const piece = new Segment(this.seq + from, this.data.slice(from, from + bytes), isLast ? this.flags : 0, this.sentAtUs);
      piece.retransmissions = this.retransmissions;
      piece.lost = true;
      pieces.push(piece);
    }
    return pieces;
  }

  get retransmitted(): boolean {
    return this.retransmissions > 0;
  }

  get end(): number {
    return this.seq + this.data.length + (this.flags ? 1 : 0);
  }
}
