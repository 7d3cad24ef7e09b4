import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NULL_OBSERVER, type SessionInfo } from '../observer.ts';
import { observers } from '../observers.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { createMetrics } from './metrics.ts';

function createWorld() {
  const clock = new VirtualClock();
  const open: SessionInfo[] = [];
  const metrics = createMetrics(clock, () => ({
    clients: open.length,
    pending: 3,
    sessions: open,
    memory: { heldBytes: 12_345, letGo: 6 },
  }));
  const session = (number: number): SessionInfo & { stream: MemoryConnection } => ({
    number,
    id: `board-${number}`,
    name: '',
    stream: new MemoryConnection(),
    openedAtMs: 0,
    messagesIn: 0,
    messagesOut: 0,
    messagesDropped: 0,
  });
  const lines = async () => (await metrics.page()).body.split('\n');
  return { clock, metrics, observer: metrics.observer, open, session, lines };
}

it('counts sessions, and why they end or never begin', async () => {
  const { observer, open, session, lines } = createWorld();
  const [one, two] = [session(1), session(2)];
  observer.sessionOpened(one);
  observer.sessionOpened(two);
  observer.sessionClosed(one, 'ping_timeout', 1011);
  observer.sessionClosed(two, 'peer_closed', 4567);
  observer.sessionOpened(session(3));
  open.push(session(3));
  observer.refused(one.stream, '', 'address_rate', 0);
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'squall_relay_clients 1',
      'squall_relay_pending_connections 3',
      'squall_relay_connects_total 3',
      'squall_relay_disconnects_total{cause="ping_timeout",code="1011"} 1',
      'squall_relay_disconnects_total{cause="peer_closed",code="other"} 1',
      'squall_relay_refused_total{reason="address_rate"} 1',
    ]),
  );
});

it('counts messages, their bytes and how long they took to be handed on, and asks twice without counting twice', async () => {
  const { observer, session, lines, clock } = createWorld();
  const one = session(1);
  observer.messageReceived(one, 10, false);
  observer.messageSent(one, 24, 'reply');
  observer.messageSent(one, 30, 'broadcast');
  observer.messageDropped(one, 30);
  await clock.advance(20);
  observer.messageRouted?.(one);
  const expected = [
    'squall_relay_messages_received_total{kind="text"} 1',
    'squall_relay_messages_received_total{kind="binary"} 0',
    'squall_relay_received_bytes_total{kind="text"} 10',
    'squall_relay_messages_sent_total{kind="broadcast"} 1',
    'squall_relay_sent_bytes_total{kind="reply"} 24',
    'squall_relay_messages_dropped_total 1',
    'squall_relay_fan_out_seconds_bucket{le="0.01"} 0',
    'squall_relay_fan_out_seconds_bucket{le="0.025"} 1',
    'squall_relay_fan_out_seconds_sum 0.02',
  ];
  expect(await lines()).toEqual(expect.arrayContaining(expected));
  expect(await lines()).toEqual(expect.arrayContaining(expected));
});

it('tells round trips in seconds, and what waits in all connections and in the slowest', async () => {
  const { observer, open, session, lines } = createWorld();
  const [one, two] = [session(1), session(2)];
  open.push(one, two);
  for (const { stream } of open) (stream as MemoryConnection).stopReading();
  one.stream.write(Buffer.alloc(100));
  two.stream.write(Buffer.alloc(300));
  observer.pingSent(one, 10);
  observer.pongReceived(one, 1_500, 14);
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'squall_relay_buffered_bytes 400',
      'squall_relay_largest_buffer_bytes 300',
      'squall_relay_pings_sent_total 1',
      'squall_relay_ping_rtt_seconds_bucket{le="1"} 0',
      'squall_relay_ping_rtt_seconds_bucket{le="2.5"} 1',
      'squall_relay_ping_rtt_seconds_sum 1.5',
    ]),
  );
});

it('is told everything next to another observer that leaves out what is optional', async () => {
  const { metrics, session, lines } = createWorld();
  const { messageRouted: _, ...other } = NULL_OBSERVER;
  const both = observers([other, metrics.observer]);
  both.messageReceived(session(1), 1, true);
  both.messageRouted?.(session(1));
  expect(await lines()).toContain('squall_relay_fan_out_seconds_count 1');
});

it('tells what is held, held back and let go, and what the log has lost', async () => {
  const memory = { heldBytes: 12_345, letGo: 6 };
  const { observer, page } = createMetrics(new VirtualClock(), () => ({ clients: 0, pending: 0, sessions: [], memory }), { dropped: 78 });
  observer.readingPaused?.({} as SessionInfo);
  expect((await page()).body.split('\n')).toEqual(
    expect.arrayContaining([
      'squall_relay_held_bytes 12345',
      'squall_relay_let_go_total 6',
      'squall_relay_log_lines_dropped_total 78',
      'squall_relay_reading_paused_total 1',
    ]),
  );
});

it('never names a client', async () => {
  const { observer, session, metrics } = createWorld();
  const one = session(1);
  observer.sessionOpened(one);
  observer.refused(one.stream, one.id, 'duplicate_id', 403);
  observer.sessionClosed(one, 'reset', 1006);
  expect((await metrics.page()).body).not.toContain(one.id);
});

it('is all that the Grafana dashboard asks for', async () => {
  const { body } = await createWorld().metrics.page();
  const known = new Set(
    [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  const dashboard: { panels: { targets: { expr: string }[] }[]; templating: { list: { query: string }[] } } = JSON.parse(
    readFileSync(join(__dirname, 'grafana.json'), 'utf8'),
  );
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  queries.push(...dashboard.templating.list.map(({ query }) => query));
  const asked = queries.flatMap((query) => query.match(/\b(squall|nodejs|process)_\w+/g) ?? []);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
  const own = [...known].filter((name) => name.startsWith('squall_') && !/_(sum|count)$/.test(name));
  expect(own.filter((name) => !asked.includes(name))).toEqual([]);
});
