/** The board as a whole. */

export interface System {
  /**
   * What tells this board from all others, the same after every reset: the MAC address, 12 lower-case
   * hexadecimal digits.
   */
  uniqueId(): string;
  /**
   * One handler (a second call replaces it) for the host's wish that the firmware stop: begin nothing new,
   * finish what is queued. Comes before the end of a simulated run and on SIGTERM of a client on a computer;
   * most boards just lose power and never call it.
   */
  onStop(handler: () => void): void;
  /**
   * Where a host can make the firmware send (the simulator's `board.burst`): it is given the channel's
   * `send`, as the app has it. Boards have no such host.
   */
  offerSend?(send: (data: string, binary: boolean) => boolean): void;
}
