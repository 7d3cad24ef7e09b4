/**
 * From "the network is restored" to "the channel is open again", board by board.
 *
 * A board whose channel is open when the network comes back may have slept through the outage or may sit on a dead connection; nobody can tell yet. It
 * stays under suspicion until something gets through that connection (it slept: no sample) or the channel opens anew (it was dead: a sample).
 */
import type { BoardView } from './board-view.ts';
import type { Connection } from './connection.ts';
import type { Distribution } from './distribution.ts';

const NOT_RECOVERING = -1;

export class Recovery {
  private readonly samples: Distribution;
  private readonly sinceUs: Float64Array;
  /** The open connection that may have survived. */
  private readonly suspects: (Connection | null)[];

  constructor(boards: number, samples: Distribution) {
    this.samples = samples;
    this.sinceUs = new Float64Array(boards).fill(NOT_RECOVERING);
    this.suspects = new Array<Connection | null>(boards).fill(null);
  }

  networkRestored(index: number, board: BoardView, atUs: number): void {
    if (board.channel === 'off') return;
    this.sinceUs[index] = atUs;
    this.suspects[index] = board.open;
  }

  /** Something passed over `connection`. */
  gotThrough(index: number, connection: Connection): void {
    if (this.suspects[index] !== connection || connection.boardEnd !== 'open' || connection.session !== 'open') return;
    this.forget(index);
  }

  channelOpened(index: number, atUs: number): void {
    if (this.sinceUs[index] >= 0) this.samples.record(atUs - this.sinceUs[index]);
    this.forget(index);
  }

  /** Also when the network breaks: the next restoration is the one to measure from. */
  forget(index: number): void {
    this.sinceUs[index] = NOT_RECOVERING;
    this.suspects[index] = null;
  }
}
