/** How fast sessions were opened at the relay: per second of the run, and the most within any one second, wherever that second begins. */
import { TimeFifo } from './time-fifo.ts';

const US_PER_SECOND = 1_000_000;

export class ConnectRate {
  /** Most within one second. */
  peak = 0;
  private readonly perSecond: number[] = [];
  private readonly lastSecond = new TimeFifo({ count: 0 });

  opened(atUs: number): void {
    const second = Math.floor(atUs / US_PER_SECOND);
    while (this.perSecond.length <= second) this.perSecond.push(0);
    this.perSecond[second]++;
    while (this.lastSecond.length > 0 && this.lastSecond.peek() <= atUs - US_PER_SECOND) this.lastSecond.shift();
    this.lastSecond.push(atUs);
    this.peak = Math.max(this.peak, this.lastSecond.length);
  }

  /** One number per second that the run lasted, a last part of a second included. */
  series(endUs: number): number[] {
    const seconds = Math.ceil(endUs / US_PER_SECOND);
    return Array.from({ length: seconds }, (_, second) => this.perSecond[second] ?? 0);
  }
}
