import { parseServerUrl } from 'firmware/server-url';
import { describe, expect, it } from 'vitest';
import { parseOverride } from './document/overrides.ts';
import { urlWithoutSecrets, withoutSecrets } from './secrets.ts';

describe('a URL without its secrets', () => {
  it.each([
    ['ws://relay:8000/path', 'ws://relay:8000/path'],
    ['ws://user:pass@relay/', 'ws://****:****@relay/'],
    ['wss://us%40er:p:%C3%BC@[::1]:8443/', 'wss://*****:*:**@[::1]:8443/'],
    ['ws://$&@relay/', 'ws://**@relay/'],
    ['ws://relay/path?token=abc', 'ws://relay/path?token=***'],
    ['ws://relay?a=b&secret&c=d=e&=f?g', 'ws://relay?a=*&******&c=***&=***'],
    ['ws://relay/?', 'ws://relay/?'],
    ['not a URL', 'not a URL'],
  ])('%s: %s', (url, masked) => {
    expect(urlWithoutSecrets(url)).toBe(masked);
    expect(parseServerUrl(masked) === null).toBe(parseServerUrl(url) === null);
    expect(urlWithoutSecrets(masked)).toBe(masked);
  });
});

it('a config without its secrets has as many characters where they were, and all the rest', () => {
  const config = { server: 'ws://relay/?a=b', headers: { Authorization: 'Bearer x', Origin: 'http://a' }, outbox: 3 };
  expect(withoutSecrets(config)).toEqual({
    ...{ server: 'ws://relay/?a=*', headers: { Authorization: '********', Origin: 'http://a' }, outbox: 3 },
  });
  expect(withoutSecrets({})).toEqual({});
  expect(withoutSecrets({ server: 5, headers: 'x' })).toEqual({ server: 5, headers: 'x' });
});

describe('an override, as the line that replays a run has it', () => {
  it.each([
    ['link.loss=0.1', 'link.loss=0.1'],
    ['boards.config.outbox=3', 'boards.config.outbox=3'],
    ['boards.config.server=ws://relay/', 'boards.config.server=ws://relay/'],
    ['boards.config.server=ws://u:p@relay/', 'boards.config.server="ws://*:*@relay/"'],
    ['boards.config.headers={ X-Key: abc }', 'boards.config.headers={"X-Key":"***"}'],
    ['boards.config.headers.Authorization=abc', 'boards.config.headers.Authorization="***"'],
    ['boards.config={ outbox: 3, headers: { X-Key: abc } }', 'boards.config={"outbox":3,"headers":{"X-Key":"***"}}'],
  ])('%s: %s', (typed, text) => {
    expect(parseOverride(typed)).toMatchObject({ text });
    expect(parseOverride(text)).toMatchObject({ text });
  });
});
