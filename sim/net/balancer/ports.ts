/**
 * The local ports of a machine for its connections to one address and port: each holds one, and for a minute
 * more in TIME_WAIT if this machine closed first (RFC 9293 section 3.6.1; Linux, TCP_TIMEWAIT_LEN, not
 * settable). When none is left, connect(2) fails with EADDRNOTAVAIL.
 *
 * A machine that accepts, as the relay's, needs none: its TIME_WAIT costs it some memory and nothing else, as
 * the other side's port tells connections apart. Not modelled: tcp_tw_reuse, by whose default Linux takes a
 * port again after a second if the other end is on the loopback interface; so this is about a relay in
 * another container or on another machine.
 */
import type { Timeline } from '../../kernel/timeline.ts';
import { US_PER_MS } from '../../kernel/units.ts';

/** Linux: net.ipv4.ip_local_port_range 32768 60999. */
export const EPHEMERAL_PORTS = 28_232;

const TIME_WAIT_US = 60_000 * US_PER_MS;

export class Ports {
  private readonly timeline: Timeline;
  private inUse = 0;
  /** When the minute of each that waits is over, the earliest first from `first` on. */
  private readonly waiting: number[] = [];
  private first = 0;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  get takenCount(): number {
    while (this.first < this.waiting.length && this.waiting[this.first] <= this.timeline.nowUs) this.first++;
    if (this.first > this.waiting.length / 2) {
      this.waiting.splice(0, this.first);
      this.first = 0;
    }
    return this.inUse + this.waiting.length - this.first;
  }

  /** @param count how many there are @returns false when none is left */
  take(count: number): boolean {
    if (this.takenCount >= count) return false;
    this.inUse++;
    return true;
  }

  /** @param timeWait this machine closed first, in order */
  giveBack(timeWait: boolean): void {
    this.inUse--;
    if (timeWait) this.waiting.push(this.timeline.nowUs + TIME_WAIT_US);
  }
}
