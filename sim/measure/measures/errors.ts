/**
 * Errors that firmware did not catch, by message and place. A fleet may throw millions, and each may quote
 * another number: the kinds that came first are told apart, the rest is only counted.
 */
import { msFromUs } from '../../kernel/units.ts';
import { counter, type Handlers, measure } from './measure.ts';

/** As many as a person reads. */
export const ERROR_KINDS_MAX = 20;

interface Kind {
  at: string;
  message: string;
  count: number;
  boards: Set<number>;
  /** The first of them. */
  board: number;
  firstUs: number;
}

export const errors = measure({
  metrics: {
    board_errors: counter('errors', 'Errors that the firmware of a board threw and did not catch, those during the drain included.'),
  },
  create({ values }) {
    const kinds = new Map<string, Kind>();
    const handlers: Handlers = {
      'board.error': ({ board, atUs, subject: at, detail: message }) => {
        values.board_errors++;
        const key = `${at}\n${message}`;
        let kind = kinds.get(key);
        if (kind === undefined) {
          if (kinds.size === ERROR_KINDS_MAX) return;
          kind = { at, message, count: 0, boards: new Set(), board, firstUs: atUs };
          kinds.set(key, kind);
        }
        kind.count++;
        kind.boards.add(board);
      },
    };
    return {
      handlers,
      draining: handlers,
      finish() {
        const frequentFirst = [...kinds.values()].sort((a, b) => b.count - a.count); // stable: of two that are equal, the one that came first
        const told = frequentFirst.map(({ message, at, count, boards, board, firstUs }) => ({
          ...{ message, at, count, boards: boards.size, board },
          first_ms: msFromUs(firstUs),
        }));
        return { errors: told };
      },
    };
  },
});
