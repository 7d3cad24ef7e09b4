/**
 * What pencil and paper say of a study's outcome, to be set beside what was measured. Each leaves things out
 * on purpose: where a measurement disagrees, that is what it is about.
 */

/**
 * A link dies at a random moment between two pings: uniform between the timeout and interval + timeout.
 * Leaves out pings that were late already.
 */
export function meanDetectionMs(intervalMs: number, timeoutMs: number): number {
  return timeoutMs + intervalMs / 2;
}

/**
 * How long a returning board is refused while the relay has not found its old session dead: the mean of what
 * such a detection lasts beyond the outage. Leaves out that anything of the old connection gets through
 * again.
 */
export function meanGhostMs(intervalMs: number, timeoutMs: number, outageMs: number): number {
  const least = Math.max(0, timeoutMs - outageMs);
  const most = Math.max(0, timeoutMs + intervalMs - outageMs);
  return (most ** 2 - least ** 2) / (2 * intervalMs);
}

/**
 * Boards that wait uniformly between two bounds, long since out of step: how many return per second just
 * after an outage.
 */
export function herdPerSecond(boards: number, minMs: number, maxMs: number): number {
  return (boards * 1_000) / ((minMs + maxMs) / 2);
}

/** And the mean of what is left of such a wait at a random moment: E[W²] / 2E[W]. */
export function meanRestMs(minMs: number, maxMs: number): number {
  return (maxMs ** 2 + maxMs * minMs + minMs ** 2) / (3 * (maxMs + minMs));
}

/**
 * A packet for a sleeping radio waits for the next beacon that announces it, uniformly. Leaves out radios
 * that are awake already.
 */
export function meanBeaconWaitMs(dtim: number): number {
  return (dtim * BEACON_MS) / 2;
}

/** 100 time units of 1024 µs. */
const BEACON_MS = 102.4;

/**
 * The socket_delay_ms at which a reader falls behind for ever: each frame costs it two reads, one for the
 * header and one for the payload. Leaves out queues that are too long for a timeout before that.
 */
export function saturatingDelayMs(framesPerSecond: number): number {
  return 1_000 / (READS_PER_FRAME * framesPerSecond);
}

const READS_PER_FRAME = 2;

/** Attempts of one segment that are looked at; later ones come after any timeout. */
const MAX_ATTEMPTS = 12;
/**
 * From a segment to its first retransmission, ms: the relay's RTO on a path of 100 ms, of which 300 are its
 * floor (sim/net/tcp/parameters.ts).
 */
const RELAY_RTO_MS = 400;
/** lwIP's clock. */
const TICK_MS = 500;

/**
 * The share of pings on a quiet connection whose pong comes after the timeout although nothing is wrong, when
 * packets are lost independently: ping and pong each need 1, 2, … attempts, whose waits double. The first
 * wait of lwIP ends with the `ticks`-th tick of its clock, 3 or more. Leaves out later pings, which hurry an
 * earlier one along.
 */
export function lateShare(loss: number, timeoutMs: number, rttMs: number, ticks: number): number {
  let share = 0;
  for (let ping = 0; ping < MAX_ATTEMPTS; ping++) {
    const pingDelayMs = RELAY_RTO_MS * (2 ** ping - 1);
    for (let pong = 0; pong < MAX_ATTEMPTS; pong++) {
      // The first wait is short by up to a tick, at random; the others are whole.
      const longestMs = ticks * TICK_MS * (2 ** pong - 1);
      const lateBy = (pingDelayMs + longestMs + rttMs - timeoutMs) / TICK_MS;
      const late = pong === 0 ? Number(lateBy > 0) : Math.min(Math.max(lateBy, 0), 1);
      share += loss ** (ping + pong) * (1 - loss) ** 2 * late;
    }
  }
  return share;
}
