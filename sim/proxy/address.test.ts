import { expect, it } from 'vitest';
import { formatAddress, isLoopback, parseAddress, parseUpstream } from './address.ts';

it.each([
  ['127.0.0.1:8001', '127.0.0.1', 8001],
  ['relay.local:0', 'relay.local', 0],
  ['[::1]:65535', '::1', 65535],
])('%s is an address, and written the same', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port });
  expect(formatAddress({ host, port })).toBe(text);
});

it.each(['', '8001', ':8001', '127.0.0.1', '127.0.0.1:65536', '::1:8001', '127.0.0.1:80 ', '127.0.0.1:-1', 'a b:1', 'ws://a:1'])(
  '%j is no address',
  (text) => expect(parseAddress(text)).toBeNull(),
);

it.each([
  ['ws://192.168.1.10:8000', '192.168.1.10', 8000],
  ['ws://relay.local/', 'relay.local', 80],
  ['wss://relay.local', 'relay.local', 443],
  ['wss://[fe80::1]:8443', 'fe80::1', 8443],
  ['127.0.0.1:8000', '127.0.0.1', 8000],
  ['tcp://127.0.0.1:1883', '127.0.0.1', 1883],
])('%s is an upstream', (text, host, port) => expect(parseUpstream(text)).toEqual({ host, port }));

it.each(['', 'relay.local', 'tcp://relay.local', 'ftp://a:1', 'ws://a:0', 'ws://a:65536', 'ws://a/board-1', 'ws://u:p@a:1', 'ws://:8000'])(
  '%j is no upstream',
  (text) => expect(parseUpstream(text)).toBeNull(),
);

it('only addresses of this computer are loopback', () => {
  expect(['localhost', '127.0.0.1', '127.8.9.1', '::1'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.168.1.10', '127.0.0.1.example.com', 'relay.local'].some(isLoopback)).toBe(false);
});
