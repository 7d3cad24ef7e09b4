import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerUrl, type ServerUrl, serverUrlProblem, splitServerUrl, URL_MAX } from './server-url.ts';

const PLAIN: ServerUrl = { secure: false, userInfo: '', host: 'relay', port: 80, path: '/', query: '' };
const SECURE: ServerUrl = { ...PLAIN, secure: true, port: 443 };

describe('a URL is taken apart', () => {
  it.each<[string, ServerUrl]>([
    ['ws://relay', PLAIN],
    ['wss://relay', SECURE],
    ['ws://192.168.1.10:8000/', { ...PLAIN, host: '192.168.1.10', port: 8000 }],
    ['wss://relay/a/b', { ...SECURE, path: '/a/b' }],
    ['ws://my_relay.local:65535/', { ...PLAIN, host: 'my_relay.local', port: 65535 }],
    ['ws://relay/path?token=abc', { ...PLAIN, path: '/path', query: '?token=abc' }],
    ['ws://relay?a=b/c?d:e@f', { ...PLAIN, query: '?a=b/c?d:e@f' }],
    ['ws://relay:81?', { ...PLAIN, port: 81, query: '?' }],
    ['ws://relay/a:1@b', { ...PLAIN, path: '/a:1@b' }],
    ['ws://user@relay/', { ...PLAIN, userInfo: 'user' }],
    ['wss://us%40er:p%3Aa:ss@relay:8443/a?b', { ...SECURE, userInfo: 'us%40er:p%3Aa:ss', port: 8443, path: '/a', query: '?b' }],
    ['ws://[::1]/', { ...PLAIN, host: '[::1]' }],
    ['ws://u:p@[fe80::1:2]:8000/x', { ...PLAIN, userInfo: 'u:p', host: '[fe80::1:2]', port: 8000, path: '/x' }],
    ...['::', '1:2:3:4:5:6:7:8', '1::8', '::ffff:192.168.1.10', '2001:db8::', 'ABCD::'].map((address): [string, ServerUrl] => [
      `ws://[${address}]`,
      { ...PLAIN, host: `[${address}]` },
    ]),
  ])('%s', (url, parts) => {
    expect([serverUrlProblem(url), parseServerUrl(url)]).toEqual(['', parts]);
  });
});

describe('of a wrong URL the part is named', () => {
  const ADDRESS = 'expected a name of letters, digits and . - _, an IPv4 address, or an IPv6 address in [ ], got';
  const URL = 'expected ws:// or wss://, as in "ws://192.168.1.10:8000/", got';

  it.each([
    ['', `scheme: ${URL} none`],
    ['relay.local:8000', `scheme: ${URL} none`],
    ['http://h/', `scheme: ${URL} "http://"`],
    ['WS://h/', `scheme: ${URL} "WS://"`],
    ['wsss://h/', `scheme: ${URL} "wsss://"`],
    ['ws:/h/', `scheme: ${URL} none`],
    ['ws://', `host: ${ADDRESS} none`],
    ['ws:///x', `host: ${ADDRESS} none`],
    ['ws://user@/x', `host: ${ADDRESS} none`],
    ['ws://h h/', `host: ${ADDRESS} "h h"`],
    ['ws://h\r\nX:/', `host: ${ADDRESS} "h??X:"`],
    ['ws://1.2.3/', `host: ${ADDRESS} "1.2.3"`],
    ['ws://1.2.3.256/', `host: ${ADDRESS} "1.2.3.256"`],
    ['ws://1.2..4/', `host: ${ADDRESS} "1.2..4"`],
    ['ws://::1/', `host: ${ADDRESS} ":"`],
    ['ws://fe80::a:b/', `host: ${ADDRESS} "fe80::a:b"`],
    ['ws://[::1', `host: ${ADDRESS} "[:"`],
    ['ws://[]/', `host: ${ADDRESS} "[]"`],
    ['ws://[1:2:3:4:5:6:7]/', `host: ${ADDRESS} "[1:2:3:4:5:6:7]"`],
    ['ws://[1:2:3:4:5:6:7:8:9]/', `host: ${ADDRESS} "[1:2:3:4:5:6:7:8:9]"`],
    ['ws://[1::2::3]/', `host: ${ADDRESS} "[1::2::3]"`],
    ['ws://[1:::2]/', `host: ${ADDRESS} "[1:::2]"`],
    ['ws://[12345::]/', `host: ${ADDRESS} "[12345::]"`],
    ['ws://[::g]/', `host: ${ADDRESS} "[::g]"`],
    ['ws://[::1.2.3]/', `host: ${ADDRESS} "[::1.2.3]"`],
    ['ws://[1.2.3.4::]/', `host: ${ADDRESS} "[1.2.3.4::]"`],
    ['ws://[fe80::1%25eth0]/', `host: ${ADDRESS} "[fe80::1%25eth0]"`],
    ['ws://[::1]x:80/', `host: ${ADDRESS} "[::1]x"`],
    ['ws://h:', 'port: expected 1 to 65535, got none or 0'],
    ['ws://h:0/', 'port: expected 1 to 65535, got none or 0'],
    ['ws://h:65536/', 'port: expected 1 to 65535, got 65536'],
    ['ws://h:8x/', 'port: expected 1 to 65535, got "8x"'],
    ['ws://h:-8/', 'port: expected 1 to 65535, got "-8"'],
    ['ws://[::1]:8e1/', 'port: expected 1 to 65535, got "8e1"'],
    ['ws://u@v@h/', 'user info: expected USER:PASSWORD, all but letters, digits and - . _ ~ percent-encoded'],
    ['ws://u p@h/', 'user info: expected USER:PASSWORD, all but letters, digits and - . _ ~ percent-encoded'],
    ['ws://u:%zz@h/', 'user info: expected USER:PASSWORD, all but letters, digits and - . _ ~ percent-encoded'],
    ['ws://u:%4@h/', 'user info: expected USER:PASSWORD, all but letters, digits and - . _ ~ percent-encoded'],
    ['ws://h/a b', 'path: expected visible ASCII characters, all others percent-encoded, got "/a b"'],
    ['ws://h/\u00fc', 'path: expected visible ASCII characters, all others percent-encoded, got "/?"'],
    ['ws://h/?a b', 'query: expected visible ASCII characters, all others percent-encoded'],
    ['ws://h/?a\r\nb', 'query: expected visible ASCII characters, all others percent-encoded'],
    ['ws://h/#f', 'fragment: expected none (RFC 6455 section 3): leave out # and what follows it, or write %23'],
    [`ws://h/${'a'.repeat(URL_MAX)}`, `expected at most ${URL_MAX} characters, got ${URL_MAX + 7}`],
  ])('%j: %s', (url, problem) => {
    expect(serverUrlProblem(url)).toBe(problem);
    expect(parseServerUrl(url)).toBeNull();
  });

  it('whatever it is, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', 'ws://', 'wss://h/', 'ws://[', 'ws://u:p@'), (text, begin) => {
        expect(serverUrlProblem(begin + text)).toMatch(/^[ -~]*$/);
        expect(() => splitServerUrl(begin + text)).not.toThrow();
      }),
    );
  });
});
