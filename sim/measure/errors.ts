/**
 * Errors that firmware did not catch, by message and place. A fleet may throw millions, and each may quote another number: the kinds that came first are
 * told apart, the rest is only counted.
 */
import type { WorldEvent } from '../kernel/events.ts';
import { msFromUs } from '../kernel/units.ts';
import type { BoardError } from './result.ts';
import type { Tally } from './tally.ts';

/** As many as a person reads. */
export const ERROR_KINDS_MAX = 20;

interface Kind {
  at: string;
  message: string;
  count: number;
  boards: Set<number>;
  firstUs: number;
}

export class Errors {
  private readonly tally: Tally;
  private readonly kinds = new Map<string, Kind>();

  constructor(tally: Tally) {
    this.tally = tally;
  }

  add(board: number, { atUs, subject: at, detail: message }: WorldEvent): void {
    this.tally.counters.board_errors++;
    const key = `${at}\n${message}`;
    let kind = this.kinds.get(key);
    if (kind === undefined) {
      if (this.kinds.size === ERROR_KINDS_MAX) return;
      kind = { at, message, count: 0, boards: new Set(), firstUs: atUs };
      this.kinds.set(key, kind);
    }
    kind.count++;
    kind.boards.add(board);
  }

  /** The most frequent first. */
  list(): BoardError[] {
    const kinds = [...this.kinds.values()].sort((a, b) => b.count - a.count); // stable: of two that are equal, the one that came first
    return kinds.map(({ message, at, count, boards, firstUs }) => ({
      message,
      at,
      count,
      boards: boards.size,
      first_ms: msFromUs(firstUs),
    }));
  }
}
