/**
 * One way over the air, from a radio to one receiver: its rate, its luck, and the packets that wait for it,
 * first in, first out.
 *
 * Packets are the caller's and are not looked into. Weak signal is a share of frames that do not arrive, each
 * on its own; not modelled: rate control, which would try again at a slower rate (rssi.ts takes the rate that
 * the signal bears), and parts of an A-MPDU that arrive.
 */
import type { RandomStream } from '../../../kernel/random.ts';
import type { PhyRate } from './phy.ts';
import type { Transmitter } from './transmitter.ts';

/**
 * Why a packet never arrives: no acknowledgement after the last try; no room in the queue; older than the
 * queue lets a packet become.
 */
export type AirLoss = 'retries' | 'queue full' | 'expired';

/** Who takes what arrives, and hears of what does not. */
export interface AirReceiver {
  /** @param atUs when the last bit of its frame arrives, µs: now or soon; that it will is certain */
  arrive(packet: unknown, atUs: number): void;
  lose(packet: unknown, why: AirLoss): void;
}

/** A power of two, so that a mask wraps an index. */
const FIRST_SLOTS = 4;

export class AirPath {
  /** The radio at its end; null: one that hears everybody. */
  readonly to: Transmitter | null;
  readonly receiver: AirReceiver;
  rate: PhyRate;
  /** Share of frames that do not arrive although nothing else is on the air, 0 to below 1. */
  errorRate = 0;
  /** Nobody is there to acknowledge: the access point is off. */
  silent = false;
  /**
   * Packets that wait, and how many of them the radio has taken into its own order; the queue of the radio
   * keeps these two.
   */
  length = 0;
  admitted = 0;
  /** Places in the radio's order that have become empty: their packets went along with an earlier one. */
  vacant = 0;
  /** Bytes that it may still send in its turn (deficit round robin). */
  deficitBytes = 0;
  private readonly random: RandomStream;
  /**
   * A ring of packets, each before its size: in one place, since both are looked at together and of a large
   * fleet seldom.
   */
  private ring: unknown[] = emptySlots(FIRST_SLOTS);
  private head = 0;

  /** @param random of its own, for frame errors */
  constructor(rate: PhyRate, random: RandomStream, to: Transmitter | null, receiver: AirReceiver) {
    this.to = to;
    this.rate = rate;
    this.random = random;
    this.receiver = receiver;
  }

  /** Draws whether a frame is lost for itself. */
  fails(): boolean {
    return this.silent || (this.errorRate > 0 && this.random.next() < this.errorRate);
  }

  /** @param bytes of its MAC frame */
  push(packet: unknown, bytes: number): void {
    if (2 * this.length === this.ring.length) this.grow();
    const place = (this.head + 2 * this.length++) & (this.ring.length - 1);
    this.ring[place] = packet;
    this.ring[place + 1] = bytes;
  }

  /** Size of the packet so far behind the first, bytes of its MAC frame. */
  bytesAt(index: number): number {
    return this.ring[((this.head + 2 * index) & (this.ring.length - 1)) + 1] as number;
  }

  /** The first packet, which is then gone. */
  shift(): unknown {
    const packet = this.ring[this.head];
    this.ring[this.head] = null;
    this.head = (this.head + 2) & (this.ring.length - 1);
    this.length--;
    return packet;
  }

  private grow(): void {
    const { ring, head } = this;
    this.ring = [...ring.slice(head), ...ring.slice(0, head), ...emptySlots(ring.length / 2)];
    this.head = 0;
  }
}

/** Room for so many packets. */
function emptySlots(count: number): unknown[] {
  return Array.from({ length: 2 * count }, (_, index) => (index % 2 === 0 ? null : 0));
}
