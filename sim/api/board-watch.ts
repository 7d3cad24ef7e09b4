/** What a world that is moved by hand remembers of its boards: their channels' states, and their words. */
import type { WorldEvent } from '../kernel/events.ts';
import type { World } from '../world/world.ts';
import { Kept, keptOf } from './kept.ts';

/** A message of a board, as it came in at the relay. */
export interface BoardMessage {
  /** ms */
  atMs: number;
  /** Of a binary one a character for each byte. */
  text: string;
  binary: boolean;
}

/** The firmware's channel as the firmware has it; `off`: nothing runs. */
export type ChannelStateName = 'off' | 'wifi' | 'tcp' | 'handshake' | 'open' | 'waiting';

export interface WatchedBoard {
  state: ChannelStateName;
  readonly log: Kept<string>;
  readonly messages: Kept<BoardMessage>;
}

/** To be called before the world starts. */
export function watchBoards(world: World): readonly WatchedBoard[] {
  const kept = keptOf(world.boardCount);
  const boards = Array.from(
    { length: world.boardCount },
    (): WatchedBoard => ({ state: 'off', log: new Kept(kept), messages: new Kept(kept) }),
  );
  world.events$.subscribe((event) => note(boards, event));
  world.ownRelay?.hear((board, payload, binary) => {
    boards[board].messages.add({ atMs: world.nowMs, text: payload.toString(binary ? 'latin1' : 'utf8'), binary });
  });
  return boards;
}

function note(boards: readonly WatchedBoard[], { event, board, subject, detail }: WorldEvent): void {
  switch (event) {
    case 'channel.state':
      boards[board].state = subject as ChannelStateName;
      return;
    case 'board.boot':
    case 'board.off':
    case 'board.ended':
      boards[board].state = 'off';
      return;
    case 'board.log':
      boards[board].log.add(detail);
  }
}
