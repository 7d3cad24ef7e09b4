/**
 * The relay behind Debian's nginx: the block of the README, and what people write instead. Without nginx, or
 * for some without Chromium, these are skipped.
 */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { DEFAULT_CONFIG, type RelayConfig } from '../config.ts';
import { createConsole } from '../console/console.ts';
import type { LogFields } from '../log.ts';
import { createRelay } from '../relay.ts';
import { createRealClock } from '../server/real-clock.ts';
import { listen } from '../server/server.ts';
import { freePort } from '../testing/free-port.ts';
import { NGINX, startNginx } from '../testing/nginx.ts';
import { Workshop } from '../testing/tls-relay.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const TOKEN = 'a-token-of-20-chars!';
const TRUSTED: Partial<RelayConfig> = { trustProxies: ['127.0.0.1'] };
/** Of somebody who is not the proxy, on this computer. */
const STRANGER = '127.0.0.2';

let workshop: Workshop;

async function startRelay(config: Partial<RelayConfig>, token: string | null = TOKEN) {
  const clock = createRealClock();
  const whole = { ...DEFAULT_CONFIG, closeTimeoutMs: 200, ...config };
  const page = createConsole({ clock, epochMs: Date.now, config: whole, token });
  const lines: LogFields[] = [];
  const write = (fields: LogFields, msg: string) => lines.push({ ...fields, msg });
  const { observer, pages, upgrades } = page;
  const log = { info: write, warn: write };
  const relay = createRelay({ clock, epochMs: Date.now, random: Math.random, config: whole, log, observer, pages, upgrades });
  const { port } = await listen(relay.server, '127.0.0.1', 0);
  page.start();
  onTestFinished(async () => {
    page.close();
    await relay.close();
  });
  return { port, lines };
}

/**
 * The block of the README with its ports, names and files replaced by those of this test. @returns the port
 * of nginx
 */
async function startReadmeBlock(relayPort: number): Promise<number> {
  const readme = readFileSync('relay/README.md', 'utf8');
  let block = /```nginx\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const port = await freePort();
  for (const [theirs, ours] of [
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    ['http://127.0.0.1:8000', `http://127.0.0.1:${relayPort}`],
    ['/etc/ssl/relay.example.crt', 'relay.crt'],
    ['/etc/ssl/relay.example.key', 'relay.key'],
  ]) {
    expect(block).toContain(theirs);
    block = block.replace(theirs, ours);
  }
  const { cert, key } = workshop.server();
  await startNginx(block, { 'relay.crt': cert, 'relay.key': key }, port);
  return port;
}

/** @returns the status of the answer, 101 when it opens, and a client that is closed when the test is over */
async function join(port: number, path: string, options: ClientOptions = {}): Promise<{ status: number; socket: WebSocket }> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, { ca: workshop.authority.cert, localAddress: STRANGER, ...options });
  onTestFinished(() => socket.terminate());
  const status = await new Promise<number>((resolve, reject) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
    socket.on('error', reject);
  });
  return { status, socket };
}

async function get(port: number, path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const [answer] = await once(
    request({ host: '127.0.0.1', port, path, headers, ca: workshop.authority.cert, localAddress: STRANGER }).end(),
    'response',
  );
  answer.resume();
  return answer.statusCode;
}

describe.skipIf(!existsSync(NGINX))('behind nginx', () => {
  beforeAll(async () => {
    workshop = await Workshop.open(Date.now());
  });

  it('as the README has it, clients talk, and each has its own address and limits', async () => {
    const { port: relayPort, lines } = await startRelay({ ...TRUSTED, maxPerAddress: 2 });
    const port = await startReadmeBlock(relayPort);
    const [one, two] = [await join(port, '/one'), await join(port, '/two')];
    const heard = once(two.socket, 'message');
    one.socket.send('hi');
    expect(String((await heard)[0])).toBe('Mes from one: hi');
    const statuses = [await join(port, '/three'), await join(port, '/three', { localAddress: '127.0.0.3' })].map(({ status }) => status);
    // What a client says of itself does not help.
    statuses.push((await join(port, '/four', { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status);
    expect([one.status, two.status, ...statuses]).toEqual([101, 101, 429, 101, 429]);
    expect(lines.map(({ msg, reason, address }) => reason ?? `${msg} ${address}`)).toEqual([
      `session opened ${STRANGER}`,
      `session opened ${STRANGER}`,
      'address_full',
      'session opened 127.0.0.3',
      'address_full',
    ]);
  });

  it('as the README has it, pages of the host that a browser called are the relay’s own, and no others', async () => {
    const port = await startReadmeBlock((await startRelay(TRUSTED)).port);
    const headers = { Host: 'relay.example' };
    expect((await join(port, '/own', { origin: 'https://relay.example', headers })).status).toBe(101);
    expect((await join(port, '/evil', { origin: 'https://evil.example', headers })).status).toBe(403);
  });

  it('as the README has it, the console without a token is closed to everybody', async () => {
    for (const config of [TRUSTED, {}]) {
      const { port: relayPort } = await startRelay(config, null);
      const port = await startReadmeBlock(relayPort);
      const origin = `http://127.0.0.1:${relayPort}`;
      const headers = { Host: `127.0.0.1:${relayPort}` };
      expect(await get(port, '/', headers)).toBe(403);
      expect((await join(port, '/console/stream', { origin, headers })).status).toBe(403);
    }
  });

  it.skipIf(!existsSync(CHROMIUM))(
    'as the README has it, the owner signs in at the console, and joins from it',
    { timeout: 60_000 },
    async () => {
      const port = await startReadmeBlock((await startRelay(TRUSTED)).port);
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--ignore-certificate-errors'] });
      onTestFinished(() => browser.close());
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      await page.goto(`https://127.0.0.1:${port}/`);
      await page.fill('input[name=token]', TOKEN);
      await page.keyboard.press('Enter');
      await page.locator('#link', { hasText: 'live' }).waitFor();
      await page.fill('#join-id', 'laptop');
      await page.click('#join-button');
      await page.locator('#talk li', { hasText: 'connected as laptop' }).waitFor();
      expect(await context.cookies()).toMatchObject([{ httpOnly: true, secure: true, sameSite: 'Strict' }]);
    },
  );

  it('that is told nothing but where the relay is, its console is closed, and who joins is told what is missing', async () => {
    const { port: relayPort, lines } = await startRelay({}, null);
    const port = await freePort();
    const { cert, key } = workshop.server();
    const server = `server { listen 127.0.0.1:${port} ssl; ssl_certificate relay.crt; ssl_certificate_key relay.key; location / { proxy_pass http://127.0.0.1:${relayPort}; } }`;
    await startNginx(server, { 'relay.crt': cert, 'relay.key': key }, port);
    expect(await get(port, '/')).toBe(403);
    expect((await join(port, '/one')).status).toBe(426);
    expect(lines).toMatchObject([
      { reason: 'bad_request', status: 426, hint: expect.stringContaining('pass on the headers Upgrade and Connection') },
    ]);
  });
});
