/** The board as a whole. */

export interface System {
  /** What tells this board from all others, the same after every reset: the MAC address, 12 lower-case hexadecimal digits. */
  uniqueId(): string;
  /**
   * One handler (a second call replaces it) for the host's wish that the firmware stop: begin nothing new, finish what is queued. Comes before the
   * end of a simulated run and on SIGTERM of a client on a computer; most boards just lose power and never call it.
   */
  onStop(handler: () => void): void;
}
