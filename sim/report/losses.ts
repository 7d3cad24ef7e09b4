/**
 * The channels that boards lost, read from their timelines: when, to what, and how long until the next one
 * carried data.
 *
 * A channel that fell silent and carried data again was not lost. A timeline that had to be made coarser may
 * miss short losses.
 */
import type { BoardResult, Segment } from '../measure/result.ts';
import { causeOf } from './causes.ts';

export interface Loss {
  /** Index of the board. */
  board: number;
  /** From when on nothing got through. */
  atMs: number;
  /** Of causes.ts. */
  cause: string;
  /** Until a channel carried data again; null: not before the end. */
  backMs: number | null;
}

/** By board, then by time. */
export function lossesOf(boards: readonly BoardResult[]): Loss[] {
  return boards.flatMap(({ timeline }, board) => lossesIn(timeline).map((loss) => ({ board, ...loss })));
}

function lossesIn(timeline: readonly Segment[]): Omit<Loss, 'board'>[] {
  const losses: Omit<Loss, 'board'>[] = [];
  let wasOpen = false;
  /** What has been seen since the channel last carried data. */
  let chain: Segment[] = [];
  const end = (backAtMs: number | null) => {
    // Dead all the while: the same channel came back to life.
    if (wasOpen && chain.some(({ state }) => state !== 'dead')) {
      const { fromMs } = chain[0];
      losses.push({ atMs: fromMs, cause: causeOf(chain), backMs: backAtMs === null ? null : backAtMs - fromMs });
    }
    chain = [];
  };
  for (const segment of timeline) {
    if (segment.state === 'open') {
      end(segment.fromMs);
      wasOpen = true;
    } else chain.push(segment);
  }
  end(null);
  return losses;
}
