/**
 * A world that stands at a time: every TCP connection, and what each board's channel is doing. Made for a run
 * that somebody wants to look at, and for no other.
 */
import { formatMs } from 'host/format';
import { boardId } from '../../kernel/board-id.ts';
import { msFromUs } from '../../kernel/units.ts';
import { BoardView } from '../../measure/fleet/board-view.ts';
import { type Connection, netstatText } from '../../net/tcp/netstat.ts';
import { boardOf } from '../../net/wire/flow.ts';
import type { World } from '../../world/world.ts';

export interface ChannelRow {
  board: string;
  /** As the board sees it: a ChannelState, or `off`. */
  state: string;
  /** For so long, ms. */
  forMs: number;
  /** Why the state before it ended; '' on the way up. */
  cause: string;
  /** Of a wait: until the next attempt, ms; null: it does not wait. */
  nextInMs: number | null;
  /** Packets pass between the board and the relay. */
  linkUp: boolean;
  /** Messages that wait for the channel. */
  outbox: number;
}

/** The last change of a board's channel. */
interface Latest {
  atUs: number;
  cause: string;
  waitMs: number;
}

export class Standstill {
  private readonly world: World;
  private readonly views: readonly BoardView[];
  private readonly latest: Latest[];

  /** To be made before the world starts. */
  constructor(world: World) {
    this.world = world;
    this.views = Array.from({ length: world.boardCount }, () => new BoardView());
    this.latest = this.views.map(() => ({ atUs: 0, cause: '', waitMs: 0 }));
    world.events$.subscribe((event) => {
      if (event.board < 0) return;
      const view = this.views[event.board];
      const before = view.channel;
      view.apply(event);
      if (event.event === 'channel.state') this.latest[event.board] = { atUs: event.atUs, cause: event.detail, waitMs: event.value };
      else if (view.channel !== before) this.latest[event.board] = { atUs: event.atUs, cause: event.event, waitMs: 0 };
    });
  }

  get connections(): Connection[] {
    return this.world.connections();
  }

  get channels(): ChannelRow[] {
    const { nowMs } = this.world;
    return this.views.map(({ channel, linkUp, outbox }, index) => {
      const { atUs, cause, waitMs } = this.latest[index];
      const forMs = nowMs - msFromUs(atUs);
      const nextInMs = channel === 'waiting' ? Math.max(0, waitMs - forMs) : null;
      return { board: boardId(index), state: channel, forMs, cause, nextInMs, linkUp, outbox: outbox.length };
    });
  }

  /** The same of one board. */
  textOf(board: number): string {
    return `${netstatText(this.connections.filter(({ flow }) => boardOf(flow) === board))}\n\n${channelWords(this.channels[board])}`;
  }

  /** For people. */
  get text(): string {
    return `${netstatText(this.connections)}\n\n${this.channels.map(channelWords).join('\n')}`;
  }
}

function channelWords({ board, state, forMs, cause, nextInMs, linkUp, outbox }: ChannelRow): string {
  const parts = [
    `${board} ${state} for ${formatMs(forMs)}`,
    cause && `because of ${cause}`,
    nextInMs !== null && `next attempt in ${formatMs(nextInMs)}`,
    !linkUp && 'link down',
    outbox > 0 && `${outbox} in the outbox`,
  ];
  return parts.filter(Boolean).join(', ');
}
