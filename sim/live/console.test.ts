/**
 * The console of a live run, on real sockets and without a browser: what a page is told, and that it outlives
 * the relay.
 */
import { connect, createServer } from 'node:net';
import { app as sos } from 'firmware/apps/sos';
import { createConsole } from 'relay/console/console';
import type { ConsoleEvent, Hello, Rows, Tick, ToPage } from 'relay/console/protocol';
import { createRealClock } from 'relay/server/real-clock';
import { listen } from 'relay/server/server';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { onWallClock } from '../run/live.ts';
import { run } from '../run/run.ts';
import type { ScenarioDocument, StepDocument } from '../scenario/settings.ts';
import { makeScenario } from '../testing/scenario.ts';

/** @param token null: a console that is for whoever is on this computer */
async function start(steps: StepDocument[], token: string | null = null) {
  const document: ScenarioDocument = { duration: 20_000, boards: { count: 3, device: 'ideal', boot_spread: 0 }, checks: [], steps };
  const scenario = makeScenario(document);
  const server = createServer();
  const { port } = await listen(server, '127.0.0.1', 0);
  const stop = new AbortController();
  const running = run(scenario, sos, {
    signal: stop.signal,
    live: onWallClock({
      bridge: null,
      onClient: (callback) => server.on('connection', (socket) => callback(socket, '')),
      console: (parts) => createConsole({ ...parts, clock: createRealClock(), epochMs: Date.now, config: scenario.relay, token }),
    }),
  });
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  const page = new WebSocket(`ws://127.0.0.1:${port}/console/stream`, { origin: `http://127.0.0.1:${port}`, headers });
  const told: ToPage[] = [];
  const waiting: { isIt: (message: ToPage) => boolean; resolve: () => void }[] = [];
  page.on('message', (data) => {
    told.push(JSON.parse(String(data)));
    for (const { isIt, resolve } of waiting) if (told.some(isIt)) resolve();
  });
  const hear = (isIt: (message: ToPage) => boolean): Promise<void> =>
    told.some(isIt) ? Promise.resolve() : new Promise((resolve) => waiting.push({ isIt, resolve }));
  const closed = new Promise((resolve) => page.on('close', resolve));
  const end = async () => {
    stop.abort();
    await running;
    server.close();
    await closed;
  };
  return { port, page, told, hear, end };
}

function eventsOf(message: ToPage): ConsoleEvent[] {
  return (message as Hello | Tick).events ?? [];
}

function isEvent(text: string): (message: ToPage) => boolean {
  return (message) => eventsOf(message).some((event) => `${event.kind} ${event.id}: ${event.text}`.startsWith(text));
}

it('shows virtual boards, the steps of the scenario, and changes the weather of one board', async () => {
  const { page, told, hear, end } = await start([{ at: 1_500, action: 'link.set', boards: { kind: 'all' }, parameters: { latency: 70 } }]);
  await hear(isEvent('step : link.set'));
  await hear(isEvent('opened board-3: session'));
  const hello = told[0] as Hello;
  expect(hello.weather?.map(({ id, blackhole }) => [id, blackhole])).toEqual([1, 2, 3].map((number) => [`board-${number}`, false]));
  await hear((message) => (message as Tick).rows !== undefined);
  const rows = told.flatMap((message) => (message as Rows | Tick).rows ?? []);
  expect(new Set(rows.map(({ isVirtual, address }) => `${isVirtual} ${address}`))).toEqual(new Set(['true ']));
  page.send(JSON.stringify({ type: 'weather', ids: ['board-2'], change: { blackhole: true, lossRate: 0.25 } }));
  await hear(isEvent('weather board-2: 25 % loss, black hole'));
  const weather = told.findLast((message) => message.type === 'tick' && message.weather !== undefined) as Tick;
  expect(weather.weather).toEqual([
    { id: 'board-1', lossRate: 0, latencyMs: 70, blackhole: false, isChanged: false },
    { id: 'board-2', lossRate: 0.25, latencyMs: 70, blackhole: true, isChanged: true },
    { id: 'board-3', lossRate: 0, latencyMs: 70, blackhole: false, isChanged: false },
  ]);
  page.send(JSON.stringify({ type: 'weather', ids: ['board-9'], change: { blackhole: true } }));
  await hear((message) => message.type === 'failed' && message.message === 'expected ids of virtual boards');
  await end();
});

it('stays when the scenario stops the relay, and lets in who comes then, but no clients', async () => {
  const { port, hear, told, end } = await start([{ at: 3_000, for: 1_500, action: 'relay.stop', parameters: {} }]);
  await hear(isEvent('relay : stopped'));
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  const client = connect(port, '127.0.0.1', () => client.write('GET /laptop HTTP/1.1\r\nHost: x\r\n\r\n'));
  expect(
    await new Promise((resolve) =>
      client
        .on('data', () => resolve('answered'))
        .on('error', () => {})
        .on('close', () => resolve('hung up')),
    ),
  ).toBe('hung up');
  await hear(isEvent('relay : runs again'));
  await hear((message) => (message as Tick).rows?.some(({ session, past }) => session !== null && past.length === 1) ?? false);
  const causes = told.flatMap((message) => ((message as Tick).rows ?? []).flatMap(({ past }) => past.map(([, , cause]) => cause)));
  expect(new Set(causes)).toEqual(new Set(['shutdown']));
  await end();
});

it('kicks a board, resets the link of another and restarts the relay for whoever shows the token', async () => {
  const { page, told, hear, end } = await start([], 'a-token-of-20-chars!');
  const ask = (request: object) => page.send(JSON.stringify(request));
  const isDone = (of: string) => (message: ToPage) => message.type === 'done' && message.of === of;
  for (const id of ['board-1', 'board-2', 'board-3']) await hear(isEvent(`opened ${id}: session`));
  expect((told[0] as Hello).operations).toEqual(['kick', 'reset', 'netstat', 'restart']);
  ask({ type: 'kick', id: 'board-1' });
  await hear(isDone('kick'));
  await hear(isEvent('closed board-1: policy, code 4002'));
  ask({ type: 'netstat', id: 'board-2' });
  await hear((message) => message.type === 'netstat' && /board-2:1 +relay +ESTABLISHED [\s\S]*\n\nboard-2 open for /.test(message.text));
  ask({ type: 'reset', id: 'board-2' });
  await hear(isDone('reset'));
  await hear(isEvent('closed board-2: reset, code 1006'));
  await hear(isEvent('step : link.reset: connections are reset (board-2), from the console'));
  ask({ type: 'reset', id: 'laptop' });
  await hear((message) => message.type === 'failed' && message.message === 'laptop is no virtual board');
  ask({ type: 'restart' });
  await hear(isEvent('relay : stopped'));
  ask({ type: 'restart' });
  ask({ type: 'kick', id: 'board-3' });
  await hear((message) => message.type === 'failed' && message.message === 'the relay is down already');
  await hear((message) => message.type === 'failed' && message.message === 'board-3 has no session that could be ended');
  await hear(isEvent('relay : runs again'));
  await hear(isEvent('step : relay.restart: over: the relay restarts, from the console'));
  await end();
});
