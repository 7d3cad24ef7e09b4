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
  /** Stops the relay's process in its tracks (its kernel still accepts and acknowledges, nothing answers), or lets it go on. */
  setRelayHung(on: boolean): void;
  /** The network's password is another one than the boards have, or theirs again. Who has joined is sent away. */
  setPasswordChanged(on: boolean): void;
  /** Whether anybody answers this board's questions for names. */
  setResolver(board: number, on: boolean): void;
  /** RST reaches both ends of each of the board's connections, as far as the link lets it. */
  resetConnections(board: number): void;
  /** The access point sends the board's station away, with this reason code. */
  deauthenticate(board: number, reason: number): void;
  /** The board's station leaves for another access point of its network: a disconnection for the firmware, then a shorter join. */
  roam(board: number): void;
  /** The board's calendar says this, ms since 1970, from now on; null: what it says at power-on. */
  setClock(board: number, epochMs: number | null): void;
  /** The board starts anew from flash; its sockets are gone without a word. */
  resetBoard(board: number): void;
  /** A client on the relay's own network sends so many messages of so many bytes at once; nothing while the relay is down. */
  clientBurst(messages: number, bytes: number): void;
  /** The board's app sends so many messages of so many bytes, one right after the other. */
  burst(board: number, messages: number, bytes: number): void;
  /** Takes the board's power, or gives it back. */
  setPower(board: number, on: boolean): void;
  pinLevel(board: number, pin: number): 0 | 1;
  /** Called for each pin that the board drives from now on; null: no longer. */
  watchPins(board: number, listener: ((pin: number, level: 0 | 1) => void) | null): void;
}
