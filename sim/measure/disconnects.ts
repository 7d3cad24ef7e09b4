/**
 * How connections end: attempts that fail, channels that are lost and why, and how long it took each side to notice a silent link.
 *
 * Both sides tell of the same end, at different times and in different words; the first to speak names the cause, the other adds only its detection time.
 */
import type { Connection } from './connection.ts';
import type { NameOf } from './registry.ts';
import type { Tally } from './tally.ts';

type CauseOf<Name> = Name extends `disconnects.${infer Cause}` ? Cause : never;
type Cause = CauseOf<NameOf<'counter'>>;

/** The relay's words for an end, reduced to the causes of the registry; so are the board's, which are those causes already. */
const CAUSES: Record<string, Cause> = {
  ping_timeout: 'ping_timeout',
  board_ping_timeout: 'board_ping_timeout',
  wifi_lost: 'wifi_lost',
  peer_closed: 'peer_closed',
  reset: 'reset',
  refused_duplicate: 'refused_duplicate',
  refused: 'refused',
  protocol_error: 'protocol_error',
  tls: 'tls',
  takeover: 'peer_closed',
  shutdown: 'peer_closed',
  policy: 'peer_closed',
};

/** Causes that end a connection for good reason to be told, although its channel never was open: a server has answered, and said no. */
const TOLD_UNOPENED = new Set(['refused_duplicate', 'refused', 'tls']);

export interface KeepaliveTimeouts {
  relayPingTimeoutUs: number;
  boardPingTimeoutUs: number;
}

export class Disconnects {
  private readonly tally: Tally;
  private readonly timeouts: KeepaliveTimeouts;

  constructor(tally: Tally, timeouts: KeepaliveTimeouts) {
    this.tally = tally;
    this.timeouts = timeouts;
  }

  /** The board's end is over, by `tcp.closed`. Why a channel that was open is lost, its `channel.state` tells. */
  boardEndClosed(connection: Connection): void {
    this.countFailure(connection);
  }

  /** @param upForUs how long link and relay have both been up, negative when one is down */
  channelLost(index: number, connection: Connection, cause: string, atUs: number, upForUs: number): void {
    const { silentSinceUs } = connection;
    if (silentSinceUs >= 0) this.tally.distributions.board_detect_ms.record(atUs - silentSinceUs);
    const aliveAtRelay = connection.session === 'open' && !connection.forgotten;
    this.count(index, connection, cause, aliveAtRelay && cause === 'board_ping_timeout' && upForUs >= this.timeouts.boardPingTimeoutUs);
  }

  attemptEnded(index: number, connection: Connection, cause: string): void {
    this.countFailure(connection);
    // An RST in answer to the SYN is `refused`, too, and no more than a failed attempt: there was no connection.
    if (!TOLD_UNOPENED.has(cause) || (cause === 'refused' && connection.refusedStatus === 0)) return;
    this.count(index, connection, cause, false);
    if (cause === 'refused') this.tally.countStatus(connection.refusedStatus);
  }

  /** @param relayUp a relay that stops closes sessions, but has not detected anything */
  sessionClosed(index: number, connection: Connection, cause: string, atUs: number, upForUs: number, relayUp: boolean): void {
    const { silentSinceUs } = connection;
    if (silentSinceUs >= 0 && relayUp && cause !== 'shutdown') this.tally.distributions.detect_ms.record(atUs - silentSinceUs);
    const aliveAtBoard = connection.boardEnd === 'open' && !connection.forgotten;
    this.count(index, connection, cause, aliveAtBoard && cause === 'ping_timeout' && upForUs >= this.timeouts.relayPingTimeoutUs);
  }

  /** @param connections those the board had before */
  boardReset(index: number, connections: Connection[]): void {
    for (const connection of connections) {
      this.countFailure(connection);
      if (connection.wasOpen || connection.session === 'open') this.count(index, connection, 'reset', false);
    }
  }

  private countFailure(connection: Connection): void {
    if (connection.wasOpen || connection.failureCounted) return;
    connection.failureCounted = true;
    this.tally.counters.connect_failures++;
  }

  private count(index: number, connection: Connection, cause: string, isFalse: boolean): void {
    if (connection.disconnectCounted) return;
    connection.disconnectCounted = true;
    const { counters } = this.tally;
    counters.disconnects++;
    // A platform's own word for an end that nobody closed properly.
    counters[`disconnects.${CAUSES[cause] ?? 'reset'}`]++;
    if (isFalse) counters.false_disconnects++;
    this.tally.boards[index].disconnects++;
  }
}
