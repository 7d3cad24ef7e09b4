/**
 * The boards of a run, their links and the relay, as events tell of them: the one owner of what measures
 * share.
 */
import { byCode, type WorldEvent } from '../../kernel/events.ts';
import { BOARD_EVENTS, BoardView } from './board-view.ts';
import type { Connection } from './connection.ts';
import type { Awaited } from './time-fifo.ts';

/** An event of a board, and what was before it: one object for all events, overwritten by the next. */
export interface Change {
  /** As it is after the event. */
  board: BoardView;
  /** What the event is about, if that is known; of a channel that leaves open, the one it leaves. */
  connection: Connection | null;
  channelWasOpen: boolean;
  linkWasUp: boolean;
  /** Connections that were not over before the event. */
  connectionsBefore: readonly Connection[];
}

/** By the events' codes. */
const CHANGES_BOARD = byCode((name) => BOARD_EVENTS.includes(name), false);

export class Fleet {
  readonly boards: readonly BoardView[];
  /** Messages and broadcasts of the measured time that may still arrive. */
  readonly awaited: Awaited = { count: 0 };
  relayUp = true;
  private relaySinceUs = 0;
  private readonly change = noChange();
  /** What comes with an event that is no board's. */
  private readonly nothing: Change = noChange();

  constructor(boards: number) {
    this.boards = Array.from({ length: boards }, () => new BoardView(this.awaited));
  }

  /** Any event: to be called once for each that is told to anybody. */
  take(event: WorldEvent): Change {
    return CHANGES_BOARD[event.code] ? this.apply(event) : this.find(event);
  }

  /** An event that leaves boards as they are: who it is about. */
  private find(event: WorldEvent): Change {
    if (event.board < 0) return this.nothing;
    const { change } = this;
    change.board = this.boards[event.board];
    change.connection = change.board.find(event.connection);
    return change;
  }

  /** An event of a board that changes its state. */
  private apply(event: WorldEvent): Change {
    const { change } = this;
    const board = this.boards[event.board];
    change.board = board;
    change.channelWasOpen = board.channel === 'open';
    change.linkWasUp = board.linkUp;
    change.connectionsBefore = board.live;
    change.connection = board.apply(event);
    return change;
  }

  setRelay(up: boolean, atUs: number): void {
    this.relayUp = up;
    this.relaySinceUs = atUs;
  }

  /** The board's channel really carries data. */
  carries(board: BoardView): boolean {
    return this.relayUp && board.carries;
  }

  /** How long link and relay have both been up, µs; negative when one is down. */
  upForUs(board: BoardView, atUs: number): number {
    return this.relayUp && board.linkUp ? atUs - Math.max(this.relaySinceUs, board.linkSinceUs) : -1;
  }
}

function noChange(): Change {
  const board = new BoardView();
  return { board, connection: null, channelWasOpen: false, linkWasUp: true, connectionsBefore: board.live };
}
