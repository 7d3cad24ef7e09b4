/**
 * From retransmissions to a loss rate.
 *
 * Where a capture is made, one end is near and loses nothing on the way there; the other is far. Of what the
 * near end sends, each copy is seen to leave. It is sent again if it is lost (p), or if it arrives and all
 * its acknowledgements are lost. How many those were nobody sees; n of them are seen of a copy that was not
 * sent again, and summed over these, −(−p / (1 − p))ⁿ is what is to be expected of the others, whatever their
 * number. Of what the far end sends, only copies that arrive are seen: one comes twice if all m
 * acknowledgements are lost that were seen to leave, pᵐ. The loss, the same each way, is the one with which
 * as many were to be expected as were counted.
 *
 * Not told apart: copies that were sent again without need, when a timer was too short.
 */

/** Acknowledgements that are counted of one copy: with so many, losing all is no longer likely. */
const MAX_ACKS = 4;
const HALVINGS = 30;
/** Above it nothing gets through that would be a connection. */
const MAX_LOSS = 0.5;

/** Of one direction. */
export class Copies {
  /** By how many acknowledgements there were of them. */
  private readonly byAcks: number[] = new Array(MAX_ACKS + 1).fill(0);
  /** How many of them were copies of something that was seen before. */
  again = 0;

  /** Those whose end is known. */
  get settled(): number {
    return this.byAcks.reduce((sum, count) => sum + count, 0);
  }

  settle(acks: number): void {
    this.byAcks[Math.min(acks, MAX_ACKS)]++;
  }

  add({ byAcks, again }: Copies): void {
    byAcks.forEach((count, acks) => {
      this.byAcks[acks] += count;
    });
    this.again += again;
  }

  clear(): void {
    this.byAcks.fill(0);
    this.again = 0;
  }

  /** Over all of them, by how many acknowledgements there were. */
  sum(ofOne: (acks: number) => number): number {
    return this.byAcks.reduce((sum, count, acks) => sum + count * ofOne(acks), 0);
  }
}

export class LossTally {
  /** Of what the near end sends: of those that were not sent again, the acknowledgements are counted. */
  readonly leaving = new Copies();
  /** Of what the far end sends: of all. */
  readonly arriving = new Copies();

  /** Copies that the rate is judged by. */
  get count(): number {
    return this.leaving.settled + this.leaving.again + this.arriving.settled;
  }

  get again(): number {
    return this.leaving.again + this.arriving.again;
  }

  add({ leaving, arriving }: LossTally): void {
    this.leaving.add(leaving);
    this.arriving.add(arriving);
  }

  clear(): void {
    this.leaving.clear();
    this.arriving.clear();
  }

  /** 0 to 1, each way. */
  lossRate(): number {
    if (this.again === 0) return 0;
    let [low, high] = [0, MAX_LOSS];
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = (low + high) / 2;
      if (this.expectedAgain(middle) < this.again) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  private expectedAgain(lossRate: number): number {
    const { leaving, arriving } = this;
    const odds = lossRate / (1 - lossRate);
    const lost = (leaving.settled + leaving.again) * lossRate;
    return lost + leaving.sum((acks) => -((-odds) ** acks)) + arriving.sum((acks) => lossRate ** acks);
  }
}
