/**
 * The calendar. Only certificates need it, and servers that speak of dates: everything else is measured by
 * `Clock`, which never steps.
 *
 * A board wakes up at the platform's epoch (1970 or 2000) and knows nothing better until it is told.
 */
export interface WallClock {
  /** Milliseconds since 1970, as far as the board knows. */
  now(): number;
  /** Sets it. May be ignored where the platform keeps the time itself (a computer). */
  set(epochMs: number): void;
  /**
   * Milliseconds since 1970 of a date as HTTP writes it (RFC 9110 section 5.6.7), such as
   * `Sun, 22 Nov 2026 00:00:00 GMT`; 0 for what is no date. A platform may understand other forms too, and
   * make something of dates that no calendar has.
   */
  parse(date: string): number;
  /**
   * Asks a time server (SNTP, RFC 4330) and sets the clock. `done` gets null, else why not (for the log); at
   * most once, and on some platforms never: the caller owns a deadline. Where the platform keeps the time
   * itself `done(null)` comes at once, but never from within this call.
   */
  synchronize(server: string, done: (failure: string | null) => void): void;
}
