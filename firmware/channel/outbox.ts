/**
 * Messages that were accepted and not yet handed to a socket, oldest first. Bounded by count; the newest is
 * refused when it is full, since what was accepted has been promised. Lives in RAM: a reset loses it.
 */

export class Outbox {
  private readonly capacity: number;
  private readonly payloads: string[] = [];
  private readonly binaries: boolean[] = [];

  /**
   * @param capacity messages; 0 = keep none, so nothing is accepted unless the channel can take it at once
   */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  isEmpty(): boolean {
    return this.payloads.length === 0;
  }

  /** False when there is no room. */
  add(payload: string, binary: boolean): boolean {
    if (this.payloads.length >= this.capacity) return false;
    this.payloads.push(payload);
    this.binaries.push(binary);
    return true;
  }

  /** Gives the oldest message to `take`. Only when not empty. */
  shift(take: (payload: string, binary: boolean) => void): void {
    take(this.payloads.shift() as string, this.binaries.shift() as boolean);
  }
}
