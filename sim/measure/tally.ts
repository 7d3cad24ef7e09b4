/** The plain sums of a run: one number per counter of the registry, one distribution per distribution, and the counts of each board. */
import { Distribution } from './distribution.ts';
import { metricNames, type NameOf } from './registry.ts';

/** What the report's table says about a board, as far as it is a count. */
export interface BoardTally {
  connects: number;
  disconnects: number;
  messagesSent: number;
  messagesDelivered: number;
  worstStallUs: number;
}

export class Tally {
  readonly counters = Object.fromEntries(metricNames('counter').map((name) => [name, 0])) as Record<NameOf<'counter'>, number>;
  readonly distributions = Object.fromEntries(metricNames('distribution').map((name) => [name, new Distribution()])) as Record<
    NameOf<'distribution'>,
    Distribution
  >;
  readonly boards: BoardTally[];
  /** Of `disconnects.refused`, by HTTP status. */
  readonly refusedByStatus: Record<string, number> = {};

  constructor(boards: number) {
    this.boards = Array.from({ length: boards }, () => ({
      connects: 0,
      disconnects: 0,
      messagesSent: 0,
      messagesDelivered: 0,
      worstStallUs: 0,
    }));
  }

  countStatus(status: number): void {
    this.refusedByStatus[status] = (this.refusedByStatus[status] ?? 0) + 1;
  }
}
