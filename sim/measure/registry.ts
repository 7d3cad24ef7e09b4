/**
 * Every metric of a run: the one source for the summary, the thresholds, the report and the documentation.
 *
 * A meaning is exact enough to be checked against the event stream (sim/kernel/events.ts). Times are taken when events are emitted. Everything
 * freezes at `run.drain`, except that messages and broadcasts sent before it may still arrive and are then counted as delivered, and that errors still count.
 */

export type MetricKind = 'counter' | 'distribution' | 'gauge';

interface MetricSpec {
  kind: MetricKind;
  unit: string;
  meaning: string;
}

/** In the order of the summary. */
export const METRICS = {
  messages_sent: counter('messages', "Messages that boards' apps gave to the channel, those that the channel refused included."),
  messages_refused: counter('messages', 'Of messages_sent: refused by the channel (`send` returned false), and so never sent.'),
  'messages_refused.too_big': counter('messages', 'Of messages_refused: above 64 KiB.'),
  'messages_refused.not_utf8': counter(
    'messages',
    'Of messages_refused: text that is not UTF-8 bytes; `utf8Encode` makes them from `ü` and `°`.',
  ),
  'messages_refused.not_bytes': counter('messages', 'Of messages_refused: binary data with a character above U+00FF.'),
  'messages_refused.not_string': counter('messages', 'Of messages_refused: a number or something else that is no string.'),
  'messages_refused.outbox_full': counter('messages', 'Of messages_refused: no room in the outbox while the channel was not open.'),
  messages_delivered: counter('messages', 'Of messages_sent: arrived at the relay, at the latest during the drain.'),
  messages_lost: counter('messages', 'messages_sent − messages_delivered.'),
  broadcasts_sent: counter('messages', "Copies of one board's message that the relay wrote to another board's session."),
  broadcasts_delivered: counter('messages', "Of broadcasts_sent: given to the receiving board's app, at the latest during the drain."),
  connects: counter('channels', "Times that a board's channel became open."),
  connect_failures: counter('attempts', 'TCP connects begun by boards that ended before the channel was open.'),
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
  pings_sent: counter('pings', "Pings sent by the relay's and the boards' keepalives."),
  pongs_received: counter('pongs', "Answers to those pings, as they reached the pinging side's keepalive."),
  keepalive_bytes: counter(
    'bytes',
    "WebSocket frame bytes of the relay's pings, their pongs received, the boards' pings, and the relay's answers to them.",
  ),
  tcp_segments: counter('segments', 'TCP segments sent by boards and relay, pure ACKs and retransmissions included.'),
  tcp_retransmits: counter('segments', 'Of tcp_segments: sent again, SYNs included.'),
  tls_bytes: counter('bytes', 'What TLS added to what boards and relay wrote: handshakes, alerts, and 29 bytes around each record.'),
  tls_failures: counter(
    'connections',
    'Connections on which a board could not have TLS, or learned that the relay would not; as the board tells it.',
  ),
  'tls_failures.unknown_ca': counter('connections', 'Of tls_failures: signed by another authority.'),
  'tls_failures.incomplete_chain': counter(
    'connections',
    'Of tls_failures: sent without the certificate that signed it, which is not the authority’s: an intermediate one is missing, or the authority is another.',
  ),
  'tls_failures.expired': counter('connections', 'Of tls_failures: expired, by the clock of the side that verified.'),
  'tls_failures.not_yet_valid': counter('connections', 'Of tls_failures: not yet valid, by the clock of the side that verified.'),
  'tls_failures.name_mismatch': counter('connections', 'Of tls_failures: good, but for another host.'),
  'tls_failures.certificate_required': counter('connections', 'Of tls_failures: the relay wants a certificate and got none.'),
  'tls_failures.bad_certificate': counter(
    'connections',
    'Of tls_failures: unreadable, not for this use, not with this key, or refused by the relay.',
  ),
  'tls_failures.protocol': counter('connections', 'Of tls_failures: no TLS on the other side, or a handshake that broke off.'),
  air_frames: counter(
    'frames',
    'Frames that boards and access points put on the air they share, each try by itself; 0 where each board has an air of its own.',
  ),
  air_collisions: counter('frames', 'Of air_frames: overlapped by another frame where they were to be received, and lost by that.'),
  air_retries: counter('frames', 'Of air_frames: tries after the first.'),
  retry_drops: counter('packets', 'Given up by a board or an access point after the last try on the air.'),
  queue_drops: counter('packets', 'For which the queue of a board’s or an access point’s radio had no room.'),
  wifi_joins: counter('joins', 'Times that a station joined and had an IP address.'),
  wifi_losses: counter('losses', 'Times that a joined station was disconnected.'),
  board_resets: counter('boots', 'Boots after the first of each board.'),
  board_errors: counter('errors', 'Errors that the firmware of a board threw and did not catch, those during the drain included.'),
  message_latency_ms: distribution("The board's app sends a message → the relay receives it; time in the outbox included."),
  broadcast_latency_ms: distribution("The relay sends a broadcast → the receiving board's app gets it."),
  connect_ms: distribution('The board begins the TCP connect → its channel is open.'),
  ping_rtt_ms: distribution('Ping → its pong, both keepalives.'),
  detect_ms: distribution(
    'A connection falls silent with its session open (link down, Wi-Fi lost, board rebooted, connection forgotten by a NAT) → the relay closes the session. Forgotten when the link heals with both ends open; a relay that is down detects nothing.',
  ),
  board_detect_ms: distribution(
    "A connection falls silent (link down, Wi-Fi lost, connection forgotten by a NAT) → the board's channel leaves open. Forgotten when the link heals with both ends open.",
  ),
  reconnect_ms: distribution("A board's channel leaves open → it is open again."),
  recovery_ms: distribution(
    'The network is restored (link up or relay up, the other being up) → the channel is open again, for boards whose channel was not open then, or turned out dead before anything got through it.',
  ),
  main_loop_stall_ms: distribution('How late a timer of the firmware ran because the CPU was held; one sample per timer that ran.'),
  channel_availability: gauge(
    'share',
    'Board-time with the channel open at the board, its session open at the relay, and link and relay up ÷ board-time since the first open (since boot for boards that never opened).',
  ),
  air_busy: gauge(
    'share',
    'Time in which anything was on the air of the busiest channel: frames, acknowledgements, beacons, other networks.',
  ),
  air_full_s: gauge('s', 'Seconds in which packets waited at an access point all the time; of the access point that has most of them.'),
  ap_queue_max: gauge('packets', 'Most packets that waited at an access point at a time, those on the air included.'),
  connects_per_s_peak: gauge('per second', 'Most sessions that the relay opened within any one second.'),
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;

/** The metrics of one kind. */
export type NameOf<K extends MetricKind> = { [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never }[MetricName];

export function metricNames<K extends MetricKind>(kind: K): NameOf<K>[] {
  return (Object.keys(METRICS) as MetricName[]).filter((name): name is NameOf<K> => METRICS[name].kind === kind);
}

function counter(unit: string, meaning: string) {
  return { kind: 'counter', unit, meaning } as const;
}

function distribution(meaning: string) {
  return { kind: 'distribution', unit: 'ms', meaning } as const;
}

function gauge(unit: string, meaning: string) {
  return { kind: 'gauge', unit, meaning } as const;
}
