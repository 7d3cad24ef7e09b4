/**
 * One bound on what all connections together make the relay hold: what waits to be sent, what is unfinished
 * or not dealt with yet, and handshakes. When it is reached, those are let go who hold most, one after the
 * other, until a tenth is free again; of equals the one that came first.
 *
 * What is held is not known at every moment, as the operating system takes what it takes. What may have been
 * added is counted, and only when that could be too much everybody is asked.
 */

/**
 * Free again after some were let go, as a share: everybody is asked again no sooner than so much has been
 * added.
 */
const FREED = 0.1;

export interface Holder {
  /** Memory, bytes. */
  readonly heldBytes: number;
  /** Ends the connection at once and gives back what it holds. */
  letGo(): void;
}

export class MemoryBound {
  /** Connections that were let go so far. */
  letGo = 0;
  private readonly maxBytes: number;
  private readonly onShort: (count: number) => void;
  private readonly sources: (() => Iterable<Holder>)[] = [];
  /** Not more than this is held. */
  private atMost = 0;
  private isLooking = false;

  /** @param onShort so many connections were let go just now */
  constructor(maxBytes: number, onShort: (count: number) => void = () => {}) {
    this.maxBytes = maxBytes;
    this.onShort = onShort;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const { heldBytes } of this.holders()) sum += heldBytes;
    return sum;
  }

  /** @param holders asked for when memory may be short */
  watch(holders: () => Iterable<Holder>): void {
    this.sources.push(holders);
  }

  /** So much more is held now, or may be. */
  add(bytes: number): void {
    this.atMost += bytes;
    if (this.atMost > this.maxBytes && !this.isLooking) this.look();
  }

  private look(): void {
    this.isLooking = true;
    const letGoBefore = this.letGo;
    let held = this.heldBytes;
    const goal = this.maxBytes * (1 - FREED);
    if (held > goal) {
      const all = Array.from(this.holders(), (holder) => ({ holder, bytes: holder.heldBytes }));
      all.sort((a, b) => b.bytes - a.bytes);
      for (const { holder, bytes } of all) {
        if (held <= goal) break;
        holder.letGo();
        held -= bytes;
        this.letGo++;
      }
      this.onShort(this.letGo - letGoBefore);
    }
    this.atMost = held;
    this.isLooking = false;
  }

  private *holders(): Generator<Holder> {
    for (const holders of this.sources) yield* holders();
  }
}
