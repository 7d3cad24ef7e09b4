/** What is measured of a library and of the model that its presets make. */

export interface Figures {
  /** A dead link → the server ends the client, ms: of each client. */
  detectMs: number[];
  /** The same → the client knows. */
  clientDetectMs: number[];
  /** Connects in vain of one client, while the server is down. */
  tries: number;
  /** Most clients back within any second, of all. */
  peak: number;
  /** The server is there again → a client is, ms. */
  backMs: number[];
}

/** How long things last, ms. */
export interface Plan {
  clients: number;
  /** Over which clients come, so that their pings are spread. */
  spreadMs: number;
  settleMs: number;
  /** For which links are dead: longer than any keepalive takes. */
  deadMs: number;
  /** For which the server is down, and then looked at. */
  downMs: number;
  backMs: number;
}

const WINDOW_MS = 1_000;

export function peakOf(timesMs: readonly number[]): number {
  return Math.max(0, ...timesMs.map((from) => timesMs.filter((at) => at >= from && at < from + WINDOW_MS).length));
}
