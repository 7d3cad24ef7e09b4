import fc from 'fast-check';
import { readCommandLine } from 'host/command-line';
import { describe, expect, it } from 'vitest';
import { ORIGIN_FLAG } from '../cli/origin-flag.ts';
import { DEFAULT_CONFIG } from '../config.ts';
import type { LogFields } from '../log.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createRelay } from '../relay.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { TestClient } from '../testing/test-client.ts';
import { createTestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle, VirtualClock } from '../testing/virtual-clock.ts';
import { isAllowedOrigin, parseOrigin } from './origins.ts';

/** What Chromium 156 sends by itself. */
const BROWSER = {
  Pragma: 'no-cache',
  'Cache-Control': 'no-cache',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  'Accept-Encoding': 'gzip, deflate',
  'Accept-Language': 'en-US,en;q=0.9',
  'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
};

async function knock(Origin: string | null, allowOrigins: string[] = [], headers: Record<string, string> = BROWSER) {
  const test = createTestRelay({ allowOrigins });
  const client = test.dial();
  await client.sendBytes(upgradeRequest('/one', { Origin, Host: 'relay.example:8000', ...headers }));
  return { ...test, client };
}

describe('a handshake', () => {
  it.each([
    ['without Origin, as boards and Postman send it', null, []],
    ['from the relay’s own page', 'http://relay.example:8000', []],
    ['from its own page behind a proxy that speaks TLS', 'https://relay.example:8000', []],
    ['from an allowed page', 'https://dash.example', ['https://other.example', 'https://dash.example']],
    ['from any page when all are allowed', 'https://whoever.example', ['*']],
    ['from a page that says nothing legal when all are allowed', 'what ever', ['*']],
    ['from a file when that is allowed', 'file://', ['file://']],
  ])('%s gets in', async (_what, origin, allowed) => {
    const { client } = await knock(origin, allowed);
    expect(client.status).toBe(101);
  });

  it.each([
    ['another host', 'http://evil.example'],
    ['another port', 'http://relay.example:9000'],
    ['a name that only begins like it', 'http://relay.example:8000.evil.example'],
    ['a sandboxed frame', 'null'],
    ['a file', 'file://'],
    ['nothing', ''],
    ['two places at once', 'http://relay.example:8000, http://evil.example'],
  ])('from a page of %s is refused with 403 before the upgrade', async (_what, origin) => {
    const { client, events, relay } = await knock(origin);
    expect(client.status).toBe(403);
    expect(client.response).toContain('--allow-origin');
    expect(events).toEqual(['refused  bad_origin 403']);
    expect(relay.clients).toBe(0);
  });

  it.each([
    ['arduinoWebSockets', { Origin: 'file://', 'User-Agent': 'arduino-WebSocket-Client', 'Sec-WebSocket-Protocol': 'arduino' }],
    ['ArduinoWebsockets', { Origin: 'https://github.com/gilmaimon/TinyWebsockets', 'User-Agent': 'TinyWebsockets Client' }],
    ['a program that says it has no origin', { Origin: 'null' }],
    ['a program that sends its URL', { Origin: 'http://relay.example:8000/' }],
  ])('of %s gets in, as no page can have sent it', async (_who, { Origin, ...headers }) => {
    const { client, events } = await knock(Origin, [], headers as Record<string, string>);
    expect([client.status, events]).toEqual([101, ['opened one']]);
  });

  it.each(Object.entries(BROWSER))('from a page without a server is known by each thing that browsers send: %s', async (name, value) => {
    for (const Origin of ['null', 'file://']) expect((await knock(Origin, [], { [name]: value })).client.status).toBe(403);
  });

  it.each([
    'http://evil.example',
    'HTTP://EVIL.example',
    'http://evil.example:9000',
    'http://[::1]:9000',
    'chrome-extension://abcdef',
    'app://-',
    'null',
    'file://',
    '',
    'file:///D:/page.html',
    'http://evil.example http://relay.example:8000/x',
    'http://evil.example,http://relay.example:8000/x',
    '//relay.example/x',
  ])('that says %j and may be a browser’s is a page’s', async (origin) => {
    expect((await knock(origin)).client.status).toBe(403);
  });

  it('from a strange page does not learn whether an id is connected', async () => {
    const test = createTestRelay();
    await test.connect('/taken');
    for (const path of ['/taken', '/free', '/a/b']) {
      const client = test.dial();
      await client.sendBytes(upgradeRequest(path, { Origin: 'http://evil.example' }));
      expect([client.status, test.events.at(-1)]).toEqual([403, 'refused  bad_origin 403']);
    }
  });

  it('that is refused names its page in the log, if that can be printed, and is counted', async () => {
    const lines: LogFields[] = [];
    const clock = new VirtualClock();
    const metrics = createMetrics(clock, () => relay);
    const log = { info() {}, warn: (fields: LogFields) => lines.push(fields) };
    const relay = createRelay({ clock, epochMs: () => 0, random: () => 0, config: DEFAULT_CONFIG, log, observer: metrics.observer });
    for (const Origin of ['http://evil.example', 'http://evil\u001b[2J.example', 'x'.repeat(5_000)]) {
      const connection = new MemoryConnection();
      relay.server.emit('connection', connection);
      await new TestClient(connection).sendBytes(upgradeRequest('/one', { Origin }));
      await settle();
    }
    // The second has a character that HTTP forbids in a header.
    expect(lines.map(({ reason, origin, allow }) => [reason, origin, allow])).toEqual([
      ['bad_origin', 'http://evil.example', '--allow-origin http://evil.example'],
      ['bad_request', undefined, undefined],
      ['bad_origin', '?', '--allow-origin *'],
    ]);
    expect((await metrics.page()).body).toContain('squall_relay_refused_total{reason="bad_origin"} 2');
  });
});

describe('an origin', () => {
  it.each([
    ['https://example.com', 'https://example.com'],
    ['HTTPS://Example.com:443', 'https://example.com'],
    ['http://localhost:5173', 'http://localhost:5173'],
    ['http://[::1]:80', 'http://[::1]'],
    ['chrome-extension://abcdef', 'chrome-extension://abcdef'],
    ['null', 'null'],
    ['https://example.com/', null],
    ['https://user@example.com', null],
    ['https://example.com:99999', null],
    ['example.com', null],
    ['https://', null],
    ['*', null],
  ])('%s is read as %s', (text, origin) => {
    expect(parseOrigin(text)).toBe(origin);
  });

  it('is read the same again, and only ever has characters that can be printed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withFragments: false }), fc.string(), fc.webAuthority({ withPort: true })), (text) => {
        for (const candidate of [text, `http://${text}`]) {
          const origin = parseOrigin(candidate);
          if (origin === null) continue;
          expect(parseOrigin(origin)).toBe(origin);
          expect(origin).toMatch(/^[a-z0-9+.:/[\]_-]+$/);
        }
      }),
    );
  });

  it('is let in by its own name only, whatever the names', () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), fc.domain(), (page, relay, friend) => {
        const allowed = [`http://${friend}`];
        expect(isAllowedOrigin(`http://${page}`, relay, allowed)).toBe(page === relay || page === friend);
        expect(isAllowedOrigin(`http://${relay}.${page}`, relay, allowed)).toBe(`${relay}.${page}` === friend);
      }),
    );
  });
});

describe('--allow-origin', () => {
  const command = { usage: 'test', about: 'Test.', flags: { 'allow-origin': ORIGIN_FLAG }, examples: [] };
  const read = async (...words: string[]) => {
    const line = await readCommandLine(command, words);
    return line.help === null ? line.values['allow-origin'].flat() : [];
  };

  it('is a list with commas, may be repeated, and is empty when left out', async () => {
    expect(await read('--allow-origin', 'https://A.example, http://b.example:80', '--allow-origin', '*')).toEqual([
      'https://a.example',
      'http://b.example',
      '*',
    ]);
    expect(await read()).toEqual([]);
  });

  it.each(['', 'example.com', 'https://a.example/path', 'https://a.example,'])('refuses %j', async (text) => {
    await expect(read('--allow-origin', text)).rejects.toThrow(/^--allow-origin: expected origins such as/);
  });
});
