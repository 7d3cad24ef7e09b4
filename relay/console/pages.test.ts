/** Who gets to see what of the console: pages, form and stream, in memory. */
import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createConsoleRelay, LOOPBACK } from '../testing/console-relay.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Gate } from './gate.ts';
import { createPages } from './pages.ts';

const TOKEN = 'a-token-of-20-chars!';
const PORT_COOKIE = /Set-Cookie: (squall_console_0=[0-9a-f]{64}); Path=\/; HttpOnly; SameSite=Strict\r\n/;

function statusOf(response: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1] ?? 0);
}

function signIn(token: string): [string, string, Record<string, string>, string] {
  const headers = { ...LOOPBACK, 'Content-Type': 'application/x-www-form-urlencoded' };
  return ['POST', '/console/sign-in', headers, `token=${encodeURIComponent(token)}`];
}

it('is a page with all its parts, which may load nothing from elsewhere and run nothing inline', async () => {
  const { ask } = createConsoleRelay();
  const page = await ask('GET', '/');
  expect(statusOf(page)).toBe(200);
  expect(page).toContain("\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; ");
  expect(page).toMatch(/\r\nContent-Type: text\/html; charset=utf-8\r\n/);
  expect(page).not.toMatch(/ style=| on[a-z]+=|<script>|https?:\/\//);
  const parts = [...page.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path);
  expect(parts).toContain('/console/main.js');
  for (const path of parts) expect([path, statusOf(await ask('GET', path))]).toEqual([path, 200]);
});

it.each([
  '/console/../console.ts',
  '/console/%2e%2e/console.ts',
  '/console/index.html',
  '/console/tsconfig.json',
  '/console/',
  '/console/a/b.js',
])('has no %s', async (path) => {
  const { ask } = createConsoleRelay();
  expect(statusOf(await ask('GET', path))).toBe(404);
});

it('leaves other paths and methods to the relay', async () => {
  const { ask, connect } = createConsoleRelay();
  expect(await ask('GET', '/healthz')).toContain('"status":"ok"');
  expect(statusOf(await ask('DELETE', '/'))).toBe(405);
  expect((await connect('/console')).status).toBe(101);
  expect((await connect('/console/other')).status).toBe(404);
});

it('without a token is for who calls this computer by its name', async () => {
  const { ask, watch } = createConsoleRelay();
  for (const Host of ['localhost:8000', '[::1]:8000', '127.0.0.1']) expect(statusOf(await ask('GET', '/', { Host }))).toBe(200);
  const rebound = await ask('GET', '/', { Host: 'evil.example:8000' });
  expect(statusOf(rebound)).toBe(403);
  expect(rebound).not.toContain('evil');
  const stream = await watch({ Host: 'evil.example:8000', Origin: 'http://evil.example:8000' });
  expect(stream.client.status).toBe(403);
});

it.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-Anything', 'X-Real-IP', 'Via'])(
  'without a token is for nobody who comes by a proxy, though it calls this computer by its name: %s',
  async (name) => {
    const { ask, watch } = createConsoleRelay();
    const page = await ask('GET', '/', { [name]: '203.0.113.9' });
    expect(statusOf(page)).toBe(403);
    expect(page).toContain('--console-token');
    expect((await watch({ [name]: '203.0.113.9' })).client.status).toBe(403);
  },
);

it('without a token is for nobody who speaks HTTP/1.0, as proxies do and browsers do not', async () => {
  const { ask } = createConsoleRelay();
  expect(statusOf(await ask('GET', '/ HTTP/1.0\r\nRest:'))).toBe(403);
});

it('with a token takes it by a proxy, too', async () => {
  const { ask, watch } = createConsoleRelay({ token: TOKEN });
  const headers = { 'X-Forwarded-For': '203.0.113.9', Authorization: `Bearer ${TOKEN}` };
  expect(statusOf(await ask('GET', '/', headers))).toBe(200);
  expect((await watch(headers)).client.status).toBe(101);
});

it('reads a part again that could not be read', async () => {
  let canRead = false;
  const read = async () => {
    if (canRead) return Buffer.from('content');
    throw new Error('EMFILE');
  };
  const pages = createPages(new Gate(null, new VirtualClock()), read);
  const request = { method: 'GET', url: '/console/main.js' } as IncomingMessage;
  await expect(pages(request)).rejects.toThrow('EMFILE');
  canRead = true;
  expect(await pages(request)).toMatchObject({ status: 200, body: Buffer.from('content') });
});

it('streams to its own page only, not to another server’s and not to who does not say where it is from', async () => {
  const { watch } = createConsoleRelay();
  expect((await watch()).client.status).toBe(101);
  expect((await watch({ Origin: 'http://evil.example' })).client.status).toBe(403);
  expect((await watch({ Origin: 'http://127.0.0.1:9000' })).client.status).toBe(403);
  expect((await watch({ Origin: null })).client.status).toBe(403);
});

it('with a token shows a form, and nothing else, to who has not shown it', async () => {
  const { ask, watch, relay } = createConsoleRelay({ token: TOKEN });
  const page = await ask('GET', '/');
  expect([statusOf(page), page.includes('name="token"')]).toEqual([401, true]);
  expect((await watch()).client.status).toBe(401);
  expect((await watch({ Cookie: `squall_console_0=${'0'.repeat(64)}` })).client.status).toBe(401);
  expect(relay.clients).toBe(0);
});

it('takes the token by form, and from then on the cookie, under any name of the relay', async () => {
  const { ask, watch } = createConsoleRelay({ token: TOKEN });
  const answer = await ask(...signIn(TOKEN));
  expect(statusOf(answer)).toBe(303);
  expect(answer).toContain('\r\nLocation: /\r\n');
  expect(answer).not.toContain(TOKEN);
  const cookie = PORT_COOKIE.exec(answer)?.[1] ?? '';
  expect(statusOf(await ask('GET', '/', { Cookie: `other=1; ${cookie}`, Host: 'lab.example' }))).toBe(200);
  expect((await watch({ Cookie: cookie, Host: 'lab.example', Origin: 'https://lab.example' })).client.status).toBe(101);
  expect((await watch({ Cookie: cookie, Origin: 'http://evil.example' })).client.status).toBe(403);
});

it('takes the token in the address once, and in a header', async () => {
  const { ask, watch } = createConsoleRelay({ token: TOKEN });
  const answer = await ask('GET', `/?token=${encodeURIComponent(TOKEN)}`);
  expect(answer).toMatch(PORT_COOKIE);
  expect(answer).toContain('\r\nLocation: /\r\n');
  expect(statusOf(await ask('GET', '/', { Authorization: `Bearer ${TOKEN}` }))).toBe(200);
  expect((await watch({ Authorization: `Bearer ${TOKEN}` })).client.status).toBe(101);
});

it('refuses a wrong token, and repeats nothing of it', async () => {
  const { ask, clock } = createConsoleRelay({ token: TOKEN });
  for (const request of [signIn('<b>wrong</b>'), signIn(''), ['GET', '/?token=<b>wrong</b>'] as const]) {
    const answer = await ask(...(request as Parameters<typeof ask>));
    expect(statusOf(answer)).toBe(401);
    expect(answer).toContain('That is not the token.');
    expect(answer).not.toContain('wrong');
    await clock.advance(1_000);
  }
  expect(statusOf(await ask(...signIn('x'.repeat(2_000))))).toBe(413);
});

it('without a token has no form', async () => {
  const { ask } = createConsoleRelay();
  expect(statusOf(await ask(...signIn('')))).toBe(405);
});

it('takes no token from the page of another server', async () => {
  const { ask } = createConsoleRelay({ token: TOKEN });
  const [method, path, headers, body] = signIn(TOKEN);
  expect(statusOf(await ask(method, path, { ...headers, Origin: 'http://evil.example' }, body))).toBe(403);
});

it('bears ten attempts in two seconds, and then not even the right one', async () => {
  const { ask, clock } = createConsoleRelay({ token: TOKEN });
  for (let attempt = 0; attempt < 10; attempt++) await ask(...signIn(`guess-${attempt}`));
  expect(statusOf(await ask(...signIn(TOKEN)))).toBe(429);
  expect(statusOf(await ask('GET', '/', { Cookie: `squall_console_0=${'0'.repeat(64)}` }))).toBe(429);
  await clock.advance(1_000);
  expect(statusOf(await ask(...signIn(TOKEN)))).toBe(303);
});

it('has room for 16 pages', async () => {
  const { watch } = createConsoleRelay();
  const pages = [];
  for (let index = 0; index < 16; index++) pages.push(await watch());
  expect((await watch()).client.status).toBe(503);
  pages[0].client.connection.destroy();
  await pages[1].client.sendBytes(new Uint8Array());
  expect((await watch()).client.status).toBe(101);
});

it('answers a stream’s bad handshake, and hangs up in time on who is refused', async () => {
  const { watch, clock } = createConsoleRelay();
  const bad = await watch({ 'Sec-WebSocket-Key': 'x' });
  expect(bad.client.status).toBe(400);
  const refused = await watch({ Origin: 'http://evil.example' });
  await clock.advance(10_000);
  expect([bad.client.connection.destroyed, refused.client.connection.destroyed]).toEqual([true, true]);
});

it('closes a page that asks too often', async () => {
  const { watch } = createConsoleRelay();
  const page = await watch();
  for (let request = 0; request < 41; request++) await page.ask({ type: 'history', id: 'nobody' });
  expect(page.told().filter(({ type }) => type === 'failed')).toHaveLength(40);
});
