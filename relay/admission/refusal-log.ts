/**
 * Refused connections for the log, so many a second and no more: who is refused chooses how often, and a line
 * costs a write to a file or a terminal. What is left out is counted in the next line that is written;
 * metrics count every one.
 */
import type { Clock } from 'hal';
import type { LogFields, RelayLog } from '../log.ts';
import { TokenBucket } from '../session/token-bucket.ts';

/** Lines: more than anybody reads, little enough to be no load. */
export const MAX_REFUSALS_PER_S = 50;

export class RefusalLog {
  private readonly clock: Clock;
  private readonly log: RelayLog;
  private readonly bucket: TokenBucket;
  private leftOut = 0;

  constructor(clock: Clock, log: RelayLog) {
    this.clock = clock;
    this.log = log;
    this.bucket = new TokenBucket(MAX_REFUSALS_PER_S, clock.now());
  }

  write(fields: LogFields): void {
    if (!this.bucket.take(this.clock.now())) {
      this.leftOut++;
      return;
    }
    this.tellLeftOut();
    this.log.warn(fields, 'connection refused');
  }

  /** How many were refused without a line, if there were any since the last call. */
  tellLeftOut(): void {
    if (this.leftOut > 0) this.log.warn({ count: this.leftOut }, 'more connections refused than are logged');
    this.leftOut = 0;
  }
}
