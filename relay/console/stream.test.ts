/** What an open page is told, in memory and on a virtual clock. */
import { expect, it } from 'vitest';
import { createConsoleRelay, type TestPage } from '../testing/console-relay.ts';
import { EPOCH_MS } from '../testing/test-relay.ts';
import type { ConsoleEvent, Hello, Row, Rows, Tick, ToPage } from './protocol.ts';

const TICK_MS = 250;

function ticks(page: TestPage): Tick[] {
  return page.told().filter((message): message is Tick => message.type === 'tick');
}

function eventsOf(messages: readonly ToPage[]): ConsoleEvent[] {
  return messages.flatMap((message) => (message.type === 'hello' || message.type === 'tick' ? (message.events ?? []) : []));
}

function words(events: readonly ConsoleEvent[]): string[] {
  return events.map(({ kind, id, text }) => `${kind} ${id}: ${text}`);
}

it('begins with what the relay is, what has happened and who is there', async () => {
  const { connect, watch, clock } = createConsoleRelay();
  await connect('/board-1');
  await clock.advance(3_000);
  const [hello, rows] = (await watch()).told() as [Hello, Rows];
  expect(hello).toMatchObject({ type: 'hello', nowMs: EPOCH_MS + 3_000, startedMs: EPOCH_MS, weather: null, operations: [] });
  expect(hello.relay).toEqual({ mode: 'broadcast', pingIntervalMs: 20_000, pingTimeoutMs: 20_000 });
  expect(words(hello.events)).toEqual(['opened board-1: session 1']);
  expect(hello.samples).toEqual([
    [EPOCH_MS + 1_000, 1, 1, 0, 0, 0],
    [EPOCH_MS + 2_000, 1, 0, 0, 0, 0],
    [EPOCH_MS + 3_000, 1, 0, 0, 0, 0],
  ]);
  expect(rows).toEqual({
    type: 'rows',
    rows: [
      {
        id: 'board-1',
        name: '',
        address: '',
        isVirtual: false,
        session: { sinceMs: EPOCH_MS, figures: [1, 0, 0, 0, 0, 0, -1], rttsMs: [] },
        past: [],
      },
    ] satisfies Row[],
  });
});

it('says four times a second at most what has changed, and no more', async () => {
  const { connect, watch, clock } = createConsoleRelay();
  const [one] = [await connect('/board-1'), await connect('/board-2')];
  const page = await watch();
  const before = page.told().length;
  await one.send('SOS!');
  await one.send('SOS!');
  await clock.advance(TICK_MS);
  await clock.advance(2 * TICK_MS);
  const [first, second, third] = ticks(page);
  expect(page.told().length - before).toBe(3);
  expect(first.figures).toEqual([
    [1, 2, 2, 0, 0, 0, -1],
    [2, 0, 2, 0, 0, 0, -1],
  ]);
  expect(words(first.events ?? [])).toEqual(['messages board-1: sent 2 messages']);
  expect([second, third].map((tick) => Object.keys(tick))).toEqual([
    ['type', 'nowMs'],
    ['type', 'nowMs'],
  ]);
});

it('tells of a client that comes, answers pings and is lost, with the cause', async () => {
  const { connect, watch, clock } = createConsoleRelay({}, { pingIntervalMs: 1_000, pingTimeoutMs: 1_000 });
  const page = await watch();
  const client = await connect('/board-1');
  await clock.advance(1_000);
  await client.answerPings();
  client.isAlive = false;
  await clock.advance(3_000);
  const rows = ticks(page).flatMap(({ rows = [] }) => rows);
  const figures = ticks(page).flatMap(({ figures = [] }) => figures);
  expect(rows.map(({ session }) => session !== null)).toEqual([true, false]);
  expect(figures.at(-1)?.slice(5)).toEqual([1, 0]);
  expect(rows.at(-1)?.past).toEqual([[EPOCH_MS, EPOCH_MS + 3_000, 'ping_timeout', 1011]]);
  expect(words(eventsOf(page.told()))).toEqual(['opened board-1: session 1', 'closed board-1: ping timeout, code 1011, after 3s']);
});

it('names those who are refused, and the reason', async () => {
  const { connect, watch, ask, clock } = createConsoleRelay();
  const page = await watch();
  await connect('/board-1');
  await connect('/board-1');
  await connect('/a%00b');
  await clock.advance(TICK_MS);
  expect(words(eventsOf(page.told())).slice(1)).toEqual(['refused board-1: duplicate id, HTTP 403', 'refused : bad id, HTTP 400']);
  expect(await page.ask({ type: 'history', id: 'board-1' })).toMatchObject({ refusals: [{ reason: 'duplicate_id', status: 403 }] });
  expect(await ask('GET', '/healthz')).toContain('"clients":1');
});

it('answers with the history of an id, and says of another that nothing is known', async () => {
  const { connect, watch, clock } = createConsoleRelay();
  const client = await connect('/board-1');
  await clock.advance(5_000);
  await client.send('SOS!');
  await client.close(1000);
  const page = await watch();
  expect(await page.ask({ type: 'history', id: 'board-1' })).toEqual({
    type: 'history',
    id: 'board-1',
    sessions: [{ fromMs: EPOCH_MS, toMs: EPOCH_MS + 5_000, cause: 'peer_closed', code: 1000, messagesIn: 1, messagesOut: 1, dropped: 0 }],
    refusals: [],
  });
  expect(await page.ask({ type: 'history', id: 'board-2' })).toEqual({
    type: 'failed',
    of: 'history',
    message: 'nothing is known of board-2',
  });
});

it('sums up the messages of many senders', async () => {
  const { connect, watch, clock } = createConsoleRelay();
  const clients = [];
  for (let index = 1; index <= 8; index++) clients.push(await connect(`/board-${index}`));
  const page = await watch();
  for (const client of clients) await client.send('SOS!');
  await clock.advance(TICK_MS);
  expect(words(eventsOf(page.told())).slice(8)).toEqual([
    ...[1, 2, 3, 4, 5].map((index) => `messages board-${index}: sent 1 message`),
    'messages : 3 more sent 3 messages',
  ]);
});

it('tells of a thousand and one clients in two messages', async () => {
  const { connect, watch, clock } = createConsoleRelay();
  for (let index = 0; index <= 1_000; index++) await connect(`/board-${index}`);
  const page = await watch();
  await clock.advance(TICK_MS);
  const rows = page.told().flatMap((message) => (message.type === 'rows' ? [message.rows.length] : []));
  expect(rows).toEqual([1_000, 1]);
});

it('lets go a page that does not read, and the relay’s stop ends the others', async () => {
  const { connect, watch, clock, relay, console } = createConsoleRelay();
  const page = await watch();
  page.client.connection.stopReading();
  page.client.connection.write(Buffer.alloc(9 * 1024 ** 2));
  await clock.advance(TICK_MS);
  expect(page.client.connection.destroyed).toBe(true);
  const other = await watch();
  await connect('/board-1');
  console.close();
  const closed = relay.close();
  await clock.advance(10_000);
  await closed;
  expect(other.client.connection.destroyed).toBe(true);
  expect(clock.pending).toBe(0);
});

it('costs no timer while nobody looks, but the one that samples', async () => {
  const { watch, clock } = createConsoleRelay();
  expect(clock.pending).toBe(1);
  const page = await watch();
  expect(clock.pending).toBe(2);
  page.client.connection.destroy();
  await clock.advance(0);
  expect(clock.pending).toBe(1);
});
