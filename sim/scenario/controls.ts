/** The handles of a world that the steps of a scenario may move. Boards are 0-based indices. */
import type { LinkSettings } from './scenario.ts';

export interface WorldControls {
  readonly boardCount: number;
  /** Packets of this board vanish in both directions, without FIN or RST; TCP is not told. */
  setBlackhole(board: number, on: boolean): void;
  /** Changes some of the link's settings and returns what they were. */
  setLink(board: number, settings: Partial<LinkSettings>): Partial<LinkSettings>;
  /** The access point loses power, or comes back after its boot. */
  setAccessPoint(on: boolean): void;
  /** Kills the relay's process (its kernel ends all connections with FIN, further SYNs are refused), or starts a new one. */
  setRelay(on: boolean): void;
  /** The board starts anew from flash; its sockets are gone without a word. */
  resetBoard(board: number): void;
}
