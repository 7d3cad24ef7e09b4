/**
 * How connections end, and why.
 *
 * Both sides tell of the same end, at different times and in different words; the first to speak names the
 * cause.
 */
import { usFromMs } from '../../kernel/units.ts';
import type { Connection } from '../fleet/connection.ts';
import { counter, measure } from './measure.ts';

const METRICS = {
  disconnects: counter(
    'connections',
    'Connections that ended after they were open at the board or at the relay, or were refused by an HTTP status, or broke on TLS; each once, under the first cause that either side states.',
  ),
  'disconnects.ping_timeout': counter('connections', "First cause: the relay's keepalive got no pong in time."),
  'disconnects.board_ping_timeout': counter('connections', "First cause: the board's keepalive heard nothing in time."),
  'disconnects.wifi_lost': counter('connections', 'First cause: the board lost its access point.'),
  'disconnects.peer_closed': counter(
    'connections',
    'First cause: the other side ended it: FIN or close frame, takeover and shutdown included.',
  ),
  'disconnects.reset': counter(
    'connections',
    'First cause: RST, TCP that gave up, a reboot of the board, or the end of its program by an error.',
  ),
  'disconnects.refused_duplicate': counter(
    'connections',
    'The relay refused the board and said that its id was still connected (HTTP 403).',
  ),
  'disconnects.refused': counter(
    'connections',
    'The server refused the upgrade by another HTTP status, or a 403 that does not say so; refused_by_status of the summary counts each.',
  ),
  'disconnects.protocol_error': counter('connections', 'First cause: one side broke RFC 6455.'),
  'disconnects.tls': counter('connections', 'First cause: the TLS handshake or a certificate failed.'),
  false_disconnects: counter(
    'connections',
    "Of disconnects with cause ping_timeout or board_ping_timeout: both ends were alive and the network had been up for at least that keepalive's timeout.",
  ),
};

/** The relay's words for an end that are not causes of their own. */
const PEER_CLOSED = new Set(['takeover', 'shutdown', 'policy']);

/**
 * Causes that end a connection for good reason to be told, although its channel never was open: a server has
 * answered, and said no.
 */
const TOLD_UNOPENED = new Set(['refused_duplicate', 'refused', 'tls']);

export const disconnects = measure({
  metrics: METRICS,
  create({ values, fleet, settings }) {
    const relayPingTimeoutUs = usFromMs(settings.relayPingTimeoutMs);
    const byBoard = new Float64Array(settings.boards);
    const refusedByStatus: Record<string, number> = {};
    const count = (index: number, connection: Connection, cause: string, isFalse: boolean): void => {
      if (connection.disconnectCounted) return;
      connection.disconnectCounted = true;
      values.disconnects++;
      values[nameOf(cause)]++;
      if (isFalse) values.false_disconnects++;
      byBoard[index]++;
    };
    return {
      handlers: {
        'channel.lost': ({ board: index, detail: cause, atUs }, { board, connection }) => {
          if (connection === null) return;
          const aliveAtRelay = connection.session === 'open' && !connection.forgotten;
          const timeoutUs = usFromMs(settings.boardPingTimeoutsMs[index]);
          const isFalse = aliveAtRelay && cause === 'board_ping_timeout' && fleet.upForUs(board, atUs) >= timeoutUs;
          count(index, connection, cause, isFalse);
        },
        'attempt.failed': ({ board: index, detail: cause }, { connection }) => {
          // An RST in answer to the SYN is `refused`, too, and no more than a failed attempt: there was no
          // connection.
          if (connection === null || !TOLD_UNOPENED.has(cause) || (cause === 'refused' && connection.refusedStatus === 0)) return;
          count(index, connection, cause, false);
          if (cause !== 'refused') return;
          const status = connection.refusedStatus;
          refusedByStatus[status] = (refusedByStatus[status] ?? 0) + 1;
        },
        'ws.close': ({ board: index, detail: cause, atUs }, { board, connection }) => {
          if (connection === null) return;
          const aliveAtBoard = connection.boardEnd === 'open' && !connection.forgotten;
          const isFalse = aliveAtBoard && cause === 'ping_timeout' && fleet.upForUs(board, atUs) >= relayPingTimeoutUs;
          count(index, connection, cause, isFalse);
        },
        'board.lost': ({ board: index }, { connectionsBefore }) => {
          for (const connection of connectionsBefore) {
            if (connection.wasOpen || connection.session === 'open') count(index, connection, 'reset', false);
          }
        },
      },
      finish: () => ({ refusedByStatus }),
      boardResult: (index) => ({ disconnects: byBoard[index] }),
    };
  },
});

/** A platform's own word for an end is that of a connection that nobody closed properly. */
function nameOf(cause: string): keyof typeof METRICS {
  const name = `disconnects.${PEER_CLOSED.has(cause) ? 'peer_closed' : cause}`;
  return Object.hasOwn(METRICS, name) ? (name as keyof typeof METRICS) : 'disconnects.reset';
}
