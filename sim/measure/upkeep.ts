/** What keeps a channel alive, and what keeps a main loop waiting: pings, pongs, what they cost, and timers that ran late. */
import type { WorldEvent } from '../kernel/events.ts';
import { US_PER_MS } from '../kernel/units.ts';
import { Stalls } from './stalls.ts';
import type { Tally } from './tally.ts';

export class Upkeep {
  readonly stalls = new Stalls();
  private readonly tally: Tally;

  constructor(tally: Tally) {
    this.tally = tally;
  }

  on(index: number, event: WorldEvent): void {
    const { counters } = this.tally;
    switch (event.event) {
      case 'loop.stall':
        this.timerLate(index, event.detail, Math.round(event.value * US_PER_MS));
        break;
      case 'ping.sent':
      case 'relay.ping':
        counters.pings_sent++;
        counters.keepalive_bytes += event.value;
        break;
      case 'pong.received':
        counters.pongs_received++;
        this.recordRoundTrip(event.value);
        break;
      case 'relay.pong':
        counters.pongs_received++;
        counters.keepalive_bytes += event.value;
        this.recordRoundTrip(Number(event.detail));
        break;
      case 'relay.ping_answered':
        counters.keepalive_bytes += event.value;
        break;
    }
  }

  private timerLate(index: number, cause: string, lateUs: number): void {
    const board = this.tally.boards[index];
    this.tally.distributions.main_loop_stall_ms.record(lateUs);
    this.stalls.add(cause, lateUs);
    if (lateUs > board.worstStallUs) board.worstStallUs = lateUs;
  }

  private recordRoundTrip(ms: number): void {
    this.tally.distributions.ping_rtt_ms.record(Math.round(ms * US_PER_MS));
  }
}
