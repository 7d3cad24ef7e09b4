/** The board as a whole. */

/**
 * Why the firmware runs: `power_on`: power came · `restart`: it asked for it · `watchdog`: it did not feed it
 * · `brownout`: the supply sagged · `deep_sleep`: it slept, and was woken · `unknown`: the platform does not
 * say (Espruino tells deep sleep and its own restarts from the rest, and no more).
 */
export type ResetReason = 'power_on' | 'restart' | 'watchdog' | 'brownout' | 'deep_sleep' | 'unknown';

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
   * Resets the board at once and never returns: nothing of the handler that calls it runs after it, and what
   * comes next is a boot whose `resetReason()` is `restart`.
   * @param reason for the log, one line
   * @throws Error where the platform cannot (Espruino on a computer)
   */
  restart(reason: string): void;
  /** Why the board has booted; the same until the next boot. */
  resetReason(): ResetReason;
  /**
   * Sets a watchdog: the board is reset, with the reason `watchdog`, when `feed` was not called for `ms`, not
   * before that and at most a second later. It cannot be taken back, only set anew, until the next boot. A
   * call of the platform that blocks (a connect under Espruino: 18 s) does not feed it.
   * @param ms 1,000 to 3,600,000
   * @throws Error when `ms` is out of range, or the platform has no watchdog
   */
  watchdog(ms: number): void;
  /** Puts the watchdog off for its whole time again; nothing when there is none. */
  feed(): void;
  /** Bytes that the firmware may still take, as far as the platform knows; an estimate, above 0. */
  freeMemory(): number;
  /**
   * Where a host can make the firmware send (the simulator's `board.burst`): it is given the channel's
   * `send`, as the app has it. Boards have no such host.
   */
  offerSend?(send: (data: string, binary: boolean) => boolean): void;
}
