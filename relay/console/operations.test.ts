/** Who may end the sessions of others, in memory: pages that were let in by the token, and nobody else. */
import { expect, it } from 'vitest';
import { createConsoleRelay } from '../testing/console-relay.ts';
import type { Hello } from './protocol.ts';

const TOKEN = 'a-token-of-20-chars!';
const BEARER = { Authorization: `Bearer ${TOKEN}` };
const KICK = { type: 'kick', id: 'board-1' };

it('ends a session for a page that has shown the token, and says so to all pages', async () => {
  const { connect, watch, relay, clock } = createConsoleRelay({ token: TOKEN });
  const board = await connect('/board-1');
  const page = await watch(BEARER);
  expect((page.told()[0] as Hello).operations).toEqual(['kick']);
  expect(await page.ask(KICK)).toEqual({ type: 'done', of: 'kick', message: 'kicked' });
  expect(board.closeFrame).toBe('4002 ended by the operator');
  expect(relay.clients).toBe(0);
  await clock.advance(250);
  const events = page.told().flatMap((message) => (message.type === 'tick' ? (message.events ?? []) : []));
  expect(events.map(({ kind, id, text }) => `${kind} ${id}: ${text}`)).toEqual([
    'closed board-1: policy, code 4002, after 0s',
    'operator board-1: kicked',
  ]);
});

it('ends nothing for a page of this computer that needed no token', async () => {
  const { connect, watch, relay } = createConsoleRelay();
  await connect('/board-1');
  const page = await watch();
  expect((page.told()[0] as Hello).operations).toEqual([]);
  const message = 'only at a console with a token: --console-token';
  expect(await page.ask(KICK)).toEqual({ type: 'failed', of: 'kick', message });
  expect(await page.ask({ type: 'restart' })).toEqual({ type: 'failed', of: 'restart', message });
  expect(relay.clients).toBe(1);
});

it.each([
  ['without a token', {}, 401],
  ['with another token', { Authorization: 'Bearer another-token-of-20!' }, 401],
  ['with the token, but from another server’s page', { ...BEARER, Origin: 'http://evil.example' }, 403],
])('has no stream %s', async (_who, headers, status) => {
  const { connect, watch, relay } = createConsoleRelay({ token: TOKEN });
  await connect('/board-1');
  const page = await watch(headers);
  expect(page.client.status).toBe(status);
  await page.ask(KICK);
  expect(relay.clients).toBe(1);
});

it('passes on what a client says as a message, whatever it is', async () => {
  const { connect, relay } = createConsoleRelay({ token: TOKEN });
  await connect('/board-1');
  const other = await connect('/board-2', BEARER);
  await other.send(JSON.stringify(KICK));
  expect(relay.clients).toBe(2);
});

it('shows what the connections of a virtual board stand at to a page with the token, and to nobody else', async () => {
  const operations = { netstat: (id: string) => (id === 'board-1' ? 'Recv-Q  Send-Q' : null) };
  const asked = { type: 'netstat', id: 'board-1' };
  const page = await createConsoleRelay({ token: TOKEN, operations }).watch(BEARER);
  expect((page.told()[0] as Hello).operations).toEqual(['netstat']);
  expect(await page.ask(asked)).toEqual({ type: 'netstat', id: 'board-1', text: 'Recv-Q  Send-Q' });
  expect(await page.ask({ type: 'netstat', id: 'laptop' })).toEqual({
    type: 'failed',
    of: 'netstat',
    message: 'laptop is no virtual board',
  });
  const stranger = await createConsoleRelay({ operations }).watch();
  const message = 'only at a console with a token: --console-token';
  expect(await stranger.ask(asked)).toEqual({ type: 'failed', of: 'netstat', message });
  const real = await createConsoleRelay({ token: TOKEN }).watch(BEARER);
  expect(await real.ask(asked)).toEqual({ type: 'failed', of: 'netstat', message: 'there is no simulation here' });
});

it('says so when there is no such session, and when there is no simulation', async () => {
  const { watch } = createConsoleRelay({ token: TOKEN });
  const page = await watch(BEARER);
  expect(await page.ask(KICK)).toEqual({ type: 'failed', of: 'kick', message: 'board-1 has no session that could be ended' });
  expect(await page.ask({ type: 'reset', id: 'board-1' })).toEqual({ type: 'failed', of: 'reset', message: 'there is no simulation here' });
  expect(await page.ask({ type: 'undo' })).toEqual({ type: 'failed', of: 'weather', message: 'there is no simulation here' });
});
