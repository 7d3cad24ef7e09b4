import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { readCommandLine } from 'host/command-line';
import { describe, expect, it } from 'vitest';
import { PROXY_FLAG } from '../cli/proxy-flag.ts';
import { MemoryConnection } from '../testing/memory-connection.ts';
import { TestClient } from '../testing/test-client.ts';
import { createTestRelay, type TestRelay, upgradeRequest } from '../testing/test-relay.ts';
import { settle } from '../testing/virtual-clock.ts';
import { isForwarded, parseNetwork, TrustedProxies } from './forwarded.ts';

function requestOf(remoteAddress: string, headers: Record<string, string>): IncomingMessage {
  return { socket: { remoteAddress }, headers, httpVersion: '1.1' } as unknown as IncomingMessage;
}

function addressBehind(remoteAddress: string, forwardedFor: string, ...networks: string[]): string | undefined {
  return new TrustedProxies(networks).clientOf(requestOf(remoteAddress, { 'x-forwarded-for': forwardedFor }))?.address;
}

describe('the client behind a proxy', () => {
  it.each([
    ['the only one that it names', '203.0.113.9', '203.0.113.9'],
    ['the last one, as those before are the client’s own words', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['the one before the proxies that are trusted', '198.51.100.1, 203.0.113.9,10.0.0.7, 10.1.2.3', '203.0.113.9'],
    ['the outermost proxy when all are trusted', '10.0.0.9, 10.0.0.7', '10.0.0.9'],
    ['the last proxy that named an address', '203.0.113.9, unknown, 10.0.0.7', '10.0.0.7'],
    ['the proxy itself when it names nobody', '', '127.0.0.1'],
    ['the proxy itself when it names nothing known', '_hidden', '127.0.0.1'],
    ['without its port', '203.0.113.9:4711', '203.0.113.9'],
    ['of IPv6', '2001:db8::1', '2001:db8::1'],
    ['of IPv6 with a port', '[2001:db8::1]:4711', '2001:db8::1'],
    ['of IPv4 in IPv6', '::ffff:203.0.113.9', '203.0.113.9'],
  ])('is %s', (_who, header, address) => {
    for (const proxy of ['127.0.0.1', '::ffff:127.0.0.1']) {
      expect(addressBehind(proxy, header, '127.0.0.1', '10.0.0.0/8')).toBe(header === '' || header === '_hidden' ? proxy : address);
    }
  });

  it('is not asked for where the connection is from somebody else', () => {
    for (const stranger of ['127.0.0.2', '10.0.0.1', '::1']) expect(addressBehind(stranger, '203.0.113.9', '127.0.0.1')).toBeUndefined();
    expect(addressBehind('127.0.0.1', '203.0.113.9')).toBeUndefined();
  });

  it('is never one that it made up itself, whatever it sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (said) => {
        expect(addressBehind('127.0.0.1', `${said}, 203.0.113.9`, '127.0.0.1', '::1')).toBe('203.0.113.9');
      }),
    );
  });

  it('called the host, by TLS or not, that the outermost proxy names', () => {
    const proxies = new TrustedProxies(['::1']);
    const headers = { 'x-forwarded-host': 'relay.example, inner', 'x-forwarded-proto': 'https, http' };
    expect(proxies.clientOf(requestOf('::1', headers))).toMatchObject({ host: 'relay.example', isSecure: true });
    expect(proxies.clientOf(requestOf('::1', { 'x-forwarded-host': '' }))).toMatchObject({ host: undefined, isSecure: false });
  });
});

describe('a network', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', '127.0.0.2'],
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.1'],
    ['::1', '::1', '::2'],
    ['fd00::/8', 'fdff::1', 'fe00::1'],
    ['0.0.0.0/0', '203.0.113.9', '2001:db8::1'],
  ])('%s has %s and not %s', (network, inside, outside) => {
    const proxies = new TrustedProxies([network]);
    expect([proxies.has(inside), proxies.has(outside), proxies.has(null)]).toEqual([true, false, false]);
  });

  it.each(['', 'localhost', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/1.5'])(
    'is none: %j',
    (text) => expect(parseNetwork(text)).toBeNull(),
  );
});

it.each([
  [{}, '1.1', false],
  [{ 'x-forwarder': 'x' }, '1.1', false],
  [{ forwarded: 'for=_x' }, '1.1', true],
  [{ 'x-forwarded-for': '' }, '1.1', true],
  [{}, '1.0', true],
])('a request with %j in HTTP/%s has come by a proxy: %j', (headers, httpVersion, isSo) => {
  expect(isForwarded({ headers, httpVersion } as IncomingMessage)).toBe(isSo);
});

describe('a relay behind a trusted proxy', () => {
  const TRUSTED = { trustProxies: ['127.0.0.1'] };

  async function knock(
    { relay }: TestRelay,
    path: string,
    headers: Record<string, string>,
    remoteAddress = '127.0.0.1',
  ): Promise<TestClient> {
    const connection = Object.assign(new MemoryConnection(), { remoteAddress });
    relay.server.emit('connection', connection);
    const client = new TestClient(connection);
    await client.sendBytes(upgradeRequest(path, headers));
    return client;
  }

  it('counts connections at a time for the client, and says 429 as the connection is the proxy’s', async () => {
    const test = createTestRelay({ ...TRUSTED, maxPerAddress: 1 });
    const first = await knock(test, '/a', { 'X-Forwarded-For': '203.0.113.9' });
    const second = await knock(test, '/b', { 'X-Forwarded-For': '198.51.100.1, 203.0.113.9' });
    const other = await knock(test, '/c', { 'X-Forwarded-For': '203.0.113.10' });
    expect([first.status, second.status, other.status]).toEqual([101, 429, 101]);
    expect(second.response).toContain('\r\nRetry-After: 10\r\n');
    expect(test.events).toEqual(['opened a', 'refused  address_full 429', 'opened c']);
    first.connection.destroy();
    await settle();
    expect((await knock(test, '/d', { 'X-Forwarded-For': '203.0.113.9' })).status).toBe(101);
  });

  it('counts connections a second for the client, plain HTTP too', async () => {
    const test = createTestRelay({ ...TRUSTED, maxConnectRate: 1 });
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      const plain = await knock(test, '/healthz', { 'X-Forwarded-For': '203.0.113.9', Connection: 'close', Upgrade: 'none' });
      statuses.push(plain.status);
    }
    expect(statuses).toEqual([426, 426, 429]);
    expect((await knock(test, '/c', { 'X-Forwarded-For': '203.0.113.10' })).status).toBe(101);
  });

  it('takes nobody else’s word for it', async () => {
    const test = createTestRelay({ ...TRUSTED, maxPerAddress: 1 });
    await knock(test, '/a', { 'X-Forwarded-For': '203.0.113.9' }, '192.0.2.1');
    await knock(test, '/b', { 'X-Forwarded-For': '203.0.113.10' }, '192.0.2.1');
    expect(test.events).toEqual(['opened a', 'refused  address_full 0']);
  });

  it('takes the pages of the host that the client called for its own', async () => {
    const Origin = 'https://relay.example';
    const headers = { Host: '127.0.0.1:8000', Origin, 'X-Forwarded-Host': 'relay.example' };
    const test = createTestRelay(TRUSTED);
    expect((await knock(test, '/a', headers)).status).toBe(101);
    expect((await knock(test, '/b', { ...headers, Origin: 'https://evil.example' })).status).toBe(403);
    expect((await knock(test, '/c', headers, '192.0.2.1')).status).toBe(403);
  });
});

describe('--trust-proxy', () => {
  const command = { usage: 'test', about: 'Test.', flags: { 'trust-proxy': PROXY_FLAG }, examples: [] };
  const read = async (...words: string[]) => {
    const line = await readCommandLine(command, words);
    return line.help === null ? line.values['trust-proxy'].flat() : [];
  };

  it('is a list with commas, may be repeated, and is empty when left out', async () => {
    expect(await read('--trust-proxy', '127.0.0.1, 10.0.0.0/8', '--trust-proxy', '::1')).toEqual(['127.0.0.1', '10.0.0.0/8', '::1']);
    expect(await read()).toEqual([]);
  });

  it.each(['', 'localhost', '127.0.0.1,'])('refuses %j', async (text) => {
    await expect(read('--trust-proxy', text)).rejects.toThrow(/^--trust-proxy: expected addresses or networks such as/);
  });
});
