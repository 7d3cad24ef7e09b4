/**
 * How long one board was without its channel while the relay accepted connections. What a board waits for a
 * relay that is not there is the relay's time, so an outage counts from the later of two moments: the
 * channel's end, and the relay's return.
 */
export class Outages {
  /** Of the outages that have ended, ms. */
  private longestMs = 0;
  private relayUpAtMs = Number.POSITIVE_INFINITY;
  private openedAtMs = Number.POSITIVE_INFINITY;
  private lostAtMs: number;

  /** @param nowMs when the board began to look for the relay */
  constructor(nowMs: number) {
    this.lostAtMs = nowMs;
  }

  relayIsUp(nowMs: number): void {
    this.relayUpAtMs = nowMs;
    this.longestMs = 0;
  }

  relayIsDown(): void {
    this.relayUpAtMs = Number.POSITIVE_INFINITY;
  }

  opened(nowMs: number): void {
    this.longestMs = this.longest(nowMs);
    this.openedAtMs = nowMs;
  }

  lost(nowMs: number): void {
    this.openedAtMs = Number.POSITIVE_INFINITY;
    this.lostAtMs = nowMs;
  }

  /** 0 while it is not. */
  openForMs(nowMs: number): number {
    return Math.max(0, nowMs - this.openedAtMs);
  }

  /** The longest since the relay came back, one that has not ended included, ms. */
  longest(nowMs: number): number {
    const isAway = this.openedAtMs === Number.POSITIVE_INFINITY;
    return isAway ? Math.max(this.longestMs, nowMs - Math.max(this.lostAtMs, this.relayUpAtMs)) : this.longestMs;
  }

  /** Whether a channel that ends now is not the doing of a relay that goes. */
  get relayAccepts(): boolean {
    return this.relayUpAtMs < Number.POSITIVE_INFINITY;
  }
}
