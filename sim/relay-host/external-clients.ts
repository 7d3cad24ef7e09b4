/**
 * Clients that are no boards of the world: real devices, browsers and tools at the relay of a live run, as a
 * summary tells of them.
 */
import type { ExternalTally } from '../measure/result.ts';

export class ExternalClients {
  readonly tally: ExternalTally = { connects: 0, peak: 0, messages_received: 0, messages_sent: 0 };
  private open = 0;

  opened(): void {
    this.open++;
    this.tally.connects++;
    this.tally.peak = Math.max(this.tally.peak, this.open);
  }

  closed(): void {
    this.open--;
  }
}
