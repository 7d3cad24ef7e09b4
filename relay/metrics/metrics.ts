/**
 * An observer that counts for Prometheus: names and units by its conventions (seconds, bytes, `_total`), ids
 * of clients never.
 *
 * What happens for each delivery is counted in plain numbers and handed over when somebody asks; only rarer
 * things go through the library at once. The process's own memory, CPU time and event-loop lag come from the
 * library. Loaded by the command line only, as it takes time and hooks into the process.
 */
import type { Clock } from 'hal';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { MemoryBound } from '../admission/memory-bound.ts';
import { NULL_OBSERVER, type RelayObserver, type SessionInfo } from '../observer.ts';

/** What a relay knows better than its observers. */
export interface Gauged {
  readonly clients: number;
  readonly pending: number;
  readonly sessions: Iterable<SessionInfo>;
  readonly memory: Pick<MemoryBound, 'heldBytes' | 'letGo'>;
}

export interface LogLosses {
  /** Lines. */
  readonly dropped: number;
}

export interface Metrics {
  readonly observer: RelayObserver;
  /** Prometheus' text format, and what HTTP calls it. */
  page(): Promise<{ type: string; body: string }>;
}

/** From one client's acknowledgement to 100,000 clients, s. */
const FAN_OUT_BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
/** From the same desk to the longest ping timeout that anybody should want, s. */
const RTT_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
/**
 * Close codes that mean something to a relay; a peer may send 4,000 others, and each label value is a time
 * series.
 */
const KNOWN_CODES: readonly number[] = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4001, 4002];
const MS_PER_S = 1_000;

/** @param relay asked when a page is made */
export function createMetrics(clock: Clock, relay: () => Gauged, log: LogLosses = { dropped: 0 }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addGauges(registry, relay);
  total(registry, 'squall_relay_let_go_total', 'Connections that were let go as memory was short', () => relay().memory.letGo);
  total(registry, 'squall_relay_log_lines_dropped_total', 'Lines of the log that nobody read', () => log.dropped);
  const observer = { ...traffic(registry, clock), ...keepalive(registry), ...connections(registry) };
  return {
    observer: { ...NULL_OBSERVER, ...observer },
    page: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}

function addGauges(registry: Registry, relay: () => Gauged): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  const waiting = (merge: (a: number, b: number) => number) => {
    let bytes = 0;
    for (const { stream } of relay().sessions) bytes = merge(bytes, stream.writableLength);
    return bytes;
  };
  gauge('squall_relay_clients', 'Open sessions', () => relay().clients);
  gauge('squall_relay_pending_connections', 'Connections that are no session: handshakes, plain HTTP, closing', () => relay().pending);
  gauge('squall_relay_buffered_bytes', 'Bytes that wait to be sent to all clients', () => waiting((a, b) => a + b));
  gauge('squall_relay_held_bytes', 'Memory for what waits, unfinished messages and handshakes', () => relay().memory.heldBytes);
  gauge('squall_relay_largest_buffer_bytes', 'Bytes that wait to be sent to the slowest client', () => waiting(Math.max));
}

function connections(registry: Registry): Partial<RelayObserver> {
  const registers = [registry];
  const connects = new Counter({ name: 'squall_relay_connects_total', help: 'Sessions opened', registers });
  const disconnects = new Counter({
    name: 'squall_relay_disconnects_total',
    help: 'Sessions ended, by cause and close code',
    labelNames: ['cause', 'code'],
    registers,
  });
  const refused = new Counter({
    name: 'squall_relay_refused_total',
    help: 'Connections that became no session, by reason',
    labelNames: ['reason'],
    registers,
  });
  return {
    sessionOpened: () => connects.inc(),
    sessionClosed: (_session, cause, code) => disconnects.inc({ cause, code: KNOWN_CODES.includes(code) ? String(code) : 'other' }),
    refused: (_stream, _id, reason) => refused.inc({ reason }),
  };
}

function traffic(registry: Registry, clock: Clock): Partial<RelayObserver> {
  const registers = [registry];
  const received = tally(registry, 'squall_relay_messages_received_total', 'Messages from clients', ['text', 'binary']);
  const receivedBytes = tally(registry, 'squall_relay_received_bytes_total', 'Payload of messages from clients', ['text', 'binary']);
  const sent = tally(registry, 'squall_relay_messages_sent_total', 'Messages to clients', ['broadcast', 'reply']);
  const sentBytes = tally(registry, 'squall_relay_sent_bytes_total', 'Payload of messages to clients', ['broadcast', 'reply']);
  const dropped = new Counter({ name: 'squall_relay_messages_dropped_total', help: 'Messages to clients that read too slowly', registers });
  const paused = new Counter({
    name: 'squall_relay_reading_paused_total',
    help: 'Times that a client was not read on as its share of a turn was used up',
    registers,
  });
  const fanOut = new Histogram({
    name: 'squall_relay_fan_out_seconds',
    help: 'From a message that was read to the last connection that it was handed to',
    buckets: FAN_OUT_BUCKETS_S,
    registers,
  });
  let receivedAtMs = 0;
  return {
    messageReceived: (_session, bytes, binary) => {
      const kind = binary ? 'binary' : 'text';
      received[kind]++;
      receivedBytes[kind] += bytes;
      receivedAtMs = clock.now();
    },
    messageSent: (_session, bytes, kind) => {
      sent[kind]++;
      sentBytes[kind] += bytes;
    },
    messageDropped: () => dropped.inc(),
    readingPaused: () => paused.inc(),
    messageRouted: () => fanOut.observe((clock.now() - receivedAtMs) / MS_PER_S),
  };
}

function keepalive(registry: Registry): Partial<RelayObserver> {
  const registers = [registry];
  const pings = new Counter({ name: 'squall_relay_pings_sent_total', help: 'Pings to clients', registers });
  const rtt = new Histogram({
    name: 'squall_relay_ping_rtt_seconds',
    help: 'From a ping to its pong',
    buckets: RTT_BUCKETS_S,
    registers,
  });
  return {
    pingSent: () => pings.inc(),
    pongReceived: (_session, rttMs) => rtt.observe(rttMs / MS_PER_S),
  };
}

/** A counter of what is counted elsewhere. */
function total(registry: Registry, name: string, help: string, value: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}

/**
 * A counter by kind for what happens too often to look a label up each time. @returns the numbers, to be
 * counted up
 */
function tally<K extends string>(registry: Registry, name: string, help: string, kinds: readonly K[]): Record<K, number> {
  const numbers = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<K, number>;
  new Counter({
    name,
    help,
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const kind of kinds) this.inc({ kind }, numbers[kind]);
    },
  });
  return numbers;
}
