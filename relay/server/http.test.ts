import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config.ts';
import type { LogFields } from '../log.ts';
import { createRelay } from '../relay.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { TestClient } from '../testing/test-client.ts';
import { createTestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle, VirtualClock } from '../testing/virtual-clock.ts';

async function request(text: string | Buffer, test = createTestRelay()) {
  const client = test.dial();
  await client.sendBytes(Buffer.from(text));
  return { ...test, client };
}

describe('plain HTTP', () => {
  it('says how many clients there are at /healthz, without a date', async () => {
    const test = createTestRelay();
    await test.connect('/one');
    const { client } = await request('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', test);
    const response = client.connection.writes.join('');
    expect(client.status).toBe(200);
    expect(response).toMatch(/\r\n\r\n\{"status":"ok","clients":1\}$/);
    expect(response).toMatch(/\r\nContent-Type: application\/json\r\n/);
    expect(response).toMatch(/\r\nConnection: close\r\n/);
    expect(response).not.toMatch(/\r\nDate:/i);
    expect(client.connection.finSent).toBe(true);
  });

  it('answers HEAD without a body', async () => {
    const { client } = await request('HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(client.connection.writes.join('')).toMatch(/^HTTP\/1\.1 200 .*Content-Length: 27\r\n.*\r\n\r\n$/s);
  });

  it.each([
    ['GET /other HTTP/1.1\r\nHost: x\r\n\r\n', 404],
    ['GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n', 200],
    ['GET http://x/other HTTP/1.1\r\nHost: x\r\n\r\n', 404],
    ['GET /<script>alert(1)</script> HTTP/1.1\r\nHost: x\r\n\r\n', 404],
    ['POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc', 405],
    ['DELETE / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['CONNECT host:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['nonsense\r\n\r\n', 400],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(9_000)}\r\n\r\n`, 431],
  ])('answers %j with its status and repeats nothing of it', async (text, status) => {
    const { client } = await request(text);
    expect(client.status).toBe(status);
    expect(client.connection.writes.join('')).not.toContain('alert');
  });
});

it('a TLS client on the plain port is called by its name, and learns only that this is no TLS', async () => {
  const { client, events } = await request(Buffer.from('160301020001fc0303', 'hex'));
  expect(events).toEqual(['refused  tls_protocol 400']);
  expect(client.connection.writes.join('')).toMatch(/\r\n\r\nbad HTTP request\n$/);
});

describe('a request to upgrade', () => {
  it('opens a session', async () => {
    const { client, events } = await request(upgradeRequest('/one'));
    expect(client.response).toMatch(/^HTTP\/1\.1 101 .*\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n\r\n$/s);
    expect(events).toEqual(['opened one']);
  });

  it('may spell the protocol as it likes', async () => {
    const { client } = await request(upgradeRequest('/one', { Upgrade: 'WebSocket' }));
    expect(client.status).toBe(101);
  });

  it.each([
    [[], null],
    [['other'], null],
    [['mqtt'], 'mqtt'],
    [['chat.v1', 'mqtt'], 'mqtt'],
    [['chat.v1'], 'chat.v1'],
  ])('that offers subprotocols and extensions, of which the relay has %j, gets %j and no extension', async (subprotocols, chosen) => {
    const offers = { 'Sec-WebSocket-Protocol': 'mqtt, chat.v1', 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };
    const { client } = await request(upgradeRequest('/one', offers), createTestRelay({ subprotocols }));
    expect(client.status).toBe(101);
    expect(/\r\nSec-WebSocket-Protocol: (.*)\r\n/.exec(client.response)?.[1] ?? null).toBe(chosen);
    expect(client.response).not.toContain('Extensions');
  });

  it.each(['http://relay.example/one', 'HTTP://relay.example:8000/one?token=x', 'ws://user@relay.example/one'])(
    'may have its target in absolute form: %s',
    async (target) => {
      const { events } = await request(upgradeRequest(target));
      expect(events).toEqual(['opened one']);
    },
  );

  it('in absolute form without a path gets a generated id', async () => {
    const { events } = await request(upgradeRequest('http://relay.example'));
    expect(events).toEqual([expect.stringMatching(/^opened client-/)]);
  });

  it('may come in pieces, with the first message right behind it', async () => {
    const test = createTestRelay();
    const client = test.dial();
    for (const byte of upgradeRequest('/one')) await client.sendBytes(Buffer.from([byte]));
    await client.send('hi');
    expect(client.texts).toEqual(['Server got your message!']);
    const eager = test.dial();
    await eager.sendBytes(Buffer.concat([upgradeRequest('/two'), Buffer.from([0x81, 0x82, 0, 0, 0, 0, 104, 105])]));
    expect(client.texts).toEqual(['Server got your message!', 'Mes from two: hi']);
  });

  it.each([
    ['bad path', upgradeRequest('/a/b'), 404, 'refused  bad_path 404'],
    ['bad id', upgradeRequest('/%00'), 400, 'refused  bad_id 400'],
    ['other protocol', upgradeRequest('/one', { Upgrade: 'h2c' }), 426, 'refused  bad_request 426'],
    ['other version', upgradeRequest('/one', { 'Sec-WebSocket-Version': '8' }), 426, 'refused  bad_request 426'],
    ['no version', upgradeRequest('/one', { 'Sec-WebSocket-Version': null }), 426, 'refused  bad_request 426'],
    ['no key', upgradeRequest('/one', { 'Sec-WebSocket-Key': null }), 400, 'refused  bad_request 400'],
    ['bad key', upgradeRequest('/one', { 'Sec-WebSocket-Key': 'short' }), 400, 'refused  bad_request 400'],
    ['bad subprotocol', upgradeRequest('/one', { 'Sec-WebSocket-Protocol': ',' }), 400, 'refused  bad_request 400'],
    ['other method', upgradeRequest('/one', {}, 'POST'), 405, 'refused  bad_request 405'],
    ['old HTTP', Buffer.from(String(upgradeRequest('/one')).replace('HTTP/1.1', 'HTTP/1.0')), 400, 'refused  bad_request 400'],
    ['missing host', upgradeRequest('/one', { Host: null }), 400, 'refused  bad_request 400'],
  ])('is refused for its %s, with a complete response and FIN', async (_what, bytes, status, event) => {
    const { client, events } = await request(bytes);
    expect(client.status).toBe(status);
    const [, length, body] = /\r\nContent-Length: (\d+)\r\n.*?\r\n\r\n(.*)$/s.exec(client.response) ?? [];
    expect(Buffer.byteLength(body)).toBe(Number(length));
    expect(client.response).toMatch(/\r\nConnection: close\r\n/);
    expect(client.connection.writes).toHaveLength(1);
    expect(client.connection.finSent).toBe(true);
    expect(events).toEqual([event]);
  });
});

it.each([
  ['Upgrade', '/one', { Upgrade: null, Connection: 'close' }],
  ['Connection', '/one', { Connection: null }],
  ['both, on the way to a generated id', '/', { Upgrade: null, Connection: null }],
])('a handshake that lost %s to a proxy is answered and counted, and told what the proxy has to do', async (_what, path, changes) => {
  for (const version of ['1.0', '1.1']) {
    const { client, events } = await request(String(upgradeRequest(path, changes)).replace('1.1', version));
    const response = client.connection.writes.join('');
    expect(response).toMatch(
      /^HTTP\/1\.1 426 .*\r\nUpgrade: websocket\r\n.*a proxy on the way has to pass on the headers Upgrade and Connection\n$/s,
    );
    expect(events).toEqual(['refused  bad_request 426']);
    expect(client.connection.finSent).toBe(true);
  }
});

it('the log names a bad path, without its query and without what has no place in a URL', async () => {
  const lines: LogFields[] = [];
  const log = { info() {}, warn: (fields: LogFields) => lines.push(fields) };
  const relay = createRelay({ clock: new VirtualClock(), epochMs: () => 0, random: () => 0, config: DEFAULT_CONFIG, log });
  for (const path of ['/api/ws/board-1?token=secret', '/b<i>"\\x', `/${'x'.repeat(500)}`, 'http://user:secret@host/a/b']) {
    const connection = new MemoryConnection();
    relay.server.emit('connection', connection);
    await new TestClient(connection).sendBytes(upgradeRequest(path));
    await settle();
  }
  expect(lines.map(({ reason, path }) => [reason, path])).toEqual([
    ['bad_path', '/api/ws/board-1'],
    ['bad_id', '/b%3Ci%3E%22%5Cx'],
    ['bad_id', `/${'x'.repeat(199)}...`],
    ['bad_path', '/a/b'],
  ]);
});

describe('a connection', () => {
  it.each(['', 'GET /one HTTP/1.1\r\nHost:'])('that has said %j ends when its time for the handshake is up', async (text) => {
    const { client, clock, events } = await request(text);
    await clock.advance(9_999);
    expect(client.connection.destroyed).toBe(false);
    await clock.advance(1);
    expect(client.connection.destroyed).toBe(true);
    expect(events).toEqual(['refused  timeout 0']);
  });

  it('has its own time, whenever others came and whatever became of them', async () => {
    const { dial, connect, clock, events } = createTestRelay({ handshakeTimeoutMs: 100, pingIntervalMs: 0 });
    const first = dial();
    await clock.advance(30);
    await connect('/one');
    const second = dial();
    await clock.advance(30);
    const [third, fourth] = [dial(), dial()];
    first.connection.destroy();
    await clock.advance(69);
    expect([second.connection.destroyed, third.connection.destroyed]).toEqual([false, false]);
    await clock.advance(1);
    expect([second.connection.destroyed, third.connection.destroyed]).toEqual([true, false]);
    await clock.advance(30);
    expect([third.connection.destroyed, fourth.connection.destroyed]).toEqual([true, true]);
    expect(events).toEqual(['opened one', ...Array(3).fill('refused  timeout 0')]);
    expect(clock.pending).toBe(0);
  });

  it('that says a byte now and then gets no more time', async () => {
    const { client, clock } = await request('GET /one HTTP/1.1\r\n');
    for (let i = 0; i < 10; i++) {
      await clock.advance(1_000);
      if (!client.connection.destroyed) await client.sendBytes(Buffer.from('x'));
    }
    expect(client.connection.destroyed).toBe(true);
  });

  it('that was refused and does not hang up is ended too, and reported once', async () => {
    const { client, clock, events } = await request(upgradeRequest('/a/b'));
    await clock.advance(10_000);
    expect(client.connection.destroyed).toBe(true);
    expect(events).toEqual(['refused  bad_path 404']);
  });

  it('that was refused ends as soon as the client hangs up', async () => {
    const { client, clock } = await request(Buffer.concat([upgradeRequest('/a/b'), Buffer.from('more')]));
    await client.end();
    expect(client.connection.destroyed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('that breaks after it was refused harms nobody', async () => {
    const { client, clock, events } = await request(upgradeRequest('/a/b'));
    client.connection.destroy(new Error('ECONNRESET'));
    await clock.advance(0);
    expect(clock.pending).toBe(0);
    expect(events).toHaveLength(1);
  });

  it('that breaks in its handshake is not refused', async () => {
    const { client, clock, events } = await request('GET /one HT');
    client.connection.destroy(new Error('ECONNRESET'));
    await clock.advance(0);
    expect(clock.pending).toBe(0);
    expect(events).toEqual([]);
  });

  it('that hangs up before it said anything leaves nothing behind', async () => {
    const { client, clock, events } = await request('');
    await client.end();
    client.connection.destroy();
    await clock.advance(0);
    expect(clock.pending).toBe(0);
    expect(events).toEqual([]);
  });

  it('that became a session is no longer timed', async () => {
    const { relay, clock, connect } = createTestRelay({ pingIntervalMs: 0 });
    await connect('/one');
    await clock.advance(60_000);
    expect(relay.clients).toBe(1);
  });
});
