import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, parseConfig } from './config.ts';

describe('parseConfig', () => {
  it('gives defaults for what is missing, and accepts its own defaults', () => {
    expect(parseConfig({})).toEqual({ config: DEFAULT_CONFIG, errors: [] });
    expect(parseConfig(JSON.parse(JSON.stringify(DEFAULT_CONFIG)))).toEqual({ config: DEFAULT_CONFIG, errors: [] });
  });

  it('keeps what is given', () => {
    const { config, errors } = parseConfig({
      wifi: { SSID: 'home', password: 'long enough', attempts: 5 },
      server: 'ws://relay.local/',
      client_id: 'ESP Client 1',
      socket_delay_ms: 5,
      keepalive: { ping_interval_ms: 0 },
      backoff: { kind: 'fixed', min_ms: 5000, max_ms: 5000 },
    });
    expect(errors).toEqual([]);
    expect(config.wifi).toEqual({ SSID: 'home', password: 'long enough', attempts: 5, delay_in_msec: 200, rejoin_after: 10 });
    expect(config.keepalive).toEqual({ ping_interval_ms: 0, ping_timeout_ms: 10000 });
    expect(config.backoff).toEqual({ kind: 'fixed', jitter: 'full', min_ms: 5000, max_ms: 5000 });
    expect([config.server, config.client_id, config.socket_delay_ms]).toEqual(['ws://relay.local/', 'ESP Client 1', 5]);
  });

  it('leaves keys of TLS alone beside a plain server', () => {
    expect(parseConfig({ server: 'ws://relay/', ssl: { cert_reqs: 2 } }).errors).toEqual([]);
  });

  it.each<[unknown, string]>([
    [null, 'config: expected an object, got null'],
    [[], 'config: expected an object, got an array'],
    ['text', 'config: expected an object, got a string'],
    [{ wifi: 'home' }, 'wifi: expected an object, got a string'],
    [{ wifi: { SSID: '' } }, 'wifi.SSID: expected 1 to 32 characters, got 0'],
    [{ wifi: { ssid: 'home' } }, 'wifi.ssid: unknown key, did you mean wifi.SSID?'],
    [{ wifi: { delay_in_ms: 5 } }, 'wifi.delay_in_ms: unknown key, did you mean wifi.delay_in_msec?'],
    [{ wifi: { attempts: 0 } }, 'wifi.attempts: expected an integer from 1 to 100, got 0'],
    [
      { zebra: 'red' },
      'zebra: unknown key, expected one of wifi, server, headers, subprotocol, redirects, socket_delay_ms, ssl, clock, client_id, keepalive, backoff, outbox',
    ],
    [{ outbox: '16' }, 'outbox: expected an integer from 0 to 1024, got "16"'],
    [{ outbox: 1.5 }, 'outbox: expected an integer from 0 to 1024, got 1.5'],
    [{ outbox: null }, 'outbox: expected an integer from 0 to 1024, got null'],
    [{ socket_delay_ms: 5000 }, 'socket_delay_ms: expected an integer from 0 to 1000, got 5000'],
    [{ ssl: { cert_reqs: 3 } }, 'ssl.cert_reqs: expected an integer from 0 to 2, got 3'],
    [{ ssl: { key: 5 } }, 'ssl.key: expected a string, got a number'],
    [{ backoff: { kind: 'exponental' } }, 'backoff.kind: expected one of fixed, exponential, got "exponental" (did you mean exponential?)'],
    [{ backoff: { jitter: 7 } }, 'backoff.jitter: expected one of none, equal, full, decorrelated, got 7'],
    [{ backoff: { min_ms: 10 } }, 'backoff.min_ms: expected an integer from 100 to 86400000, got 10'],
    [{ backoff: { min_ms: 2000, max_ms: 1000 } }, 'backoff.max_ms: expected at least min_ms (2000), got 1000'],
    [{ keepalive: { ping_timeout_ms: 0 } }, 'keepalive.ping_timeout_ms: expected an integer from 1 to 86400000, got 0'],
    [{ server: 8000 }, 'server: expected a URL such as "ws://192.168.1.10:8000/", got 8000'],
    [{ server: 'http://relay/' }, 'server: scheme: expected ws:// or wss://, as in "ws://192.168.1.10:8000/", got "http://"'],
    [{ wifi: { rejoin_after: -1 } }, 'wifi.rejoin_after: expected an integer from 0 to 1000, got -1'],
    [{ redirects: 11 }, 'redirects: expected an integer from 0 to 10, got 11'],
    [{ subprotocol: 'mqtt, amqp' }, 'subprotocol: expected at most 64 letters, digits and - . _ (one subprotocol), got "mqtt, amqp"'],
    [{ headers: 'X: 1' }, 'headers: expected an object, got a string'],
    [{ headers: { 'X-Key': 7 } }, 'headers.X-Key: expected a string, got a number'],
    [{ headers: { 'X Key': 'a' } }, 'headers.X Key: expected a name of letters, digits and - (RFC 9110 section 5.6.2)'],
    [{ headers: { '': 'a' } }, 'headers.: expected a name of letters, digits and - (RFC 9110 section 5.6.2)'],
    [{ headers: { 'X-Key': 'a\r\nHost: b' } }, 'headers.X-Key: expected ASCII without line breaks and other control characters'],
    [{ headers: { 'X-Key': 'ü' } }, 'headers.X-Key: expected ASCII without line breaks and other control characters'],
    ...['Host', 'upgrade', 'Connection', 'Sec-WebSocket-Key', 'SEC-WEBSOCKET-VERSION', 'Content-Length', 'transfer-encoding'].map(
      (name): [unknown, string] => [{ headers: { [name]: 'a' } }, `headers.${name}: expected another name: the handshake has this one`],
    ),
    [{ headers: { 'Sec-WebSocket-Protocol': 'mqtt' } }, 'headers.Sec-WebSocket-Protocol: expected elsewhere: it is the key subprotocol'],
    [{ headers: { 'X-Key': 'a', 'x-key': 'b' } }, 'headers.x-key: expected once, and case does not matter'],
    [{ headers: { 'X-Key': 'a'.repeat(4092) } }, 'headers: expected at most 4096 characters together, got 4097'],
    [
      { server: 'ws://user@relay/', headers: { authorization: 'Bearer x' } },
      'headers.authorization: expected none beside the user info in server',
    ],
    [{ server: 'wss://relay/', ssl: { cert_reqs: 2 } }, 'ssl.ca: expected a file name, since cert_reqs is 2'],
    [{ ssl: { key: 'board.key' } }, 'ssl: expected key and cert together, got one of them'],
    [{ clock: { source: 'ntp' } }, 'clock.source: expected one of none, sntp, date_header, got "ntp" (did you mean sntp?)'],
    [{ clock: { server: '' } }, 'clock.server: expected 1 to 253 characters, got 0'],
    [{ client_id: 'a/b' }, 'client_id: expected at most 64 characters of A-Z a-z 0-9 . _ - and space, got "a/b"'],
    [{ client_id: 'x'.repeat(65) }, 'client_id: expected at most 64 characters of A-Z a-z 0-9 . _ - and space, got a string'],
    [
      JSON.parse('{"__proto__":1}'),
      '__proto__: unknown key, expected one of wifi, server, headers, subprotocol, redirects, socket_delay_ms, ssl, clock, client_id, keepalive, backoff, outbox',
    ],
  ])('says of %j what is wrong', (value, error) => {
    expect(parseConfig(value).errors).toEqual([error]);
  });

  it('reports all errors at once', () => {
    const { errors } = parseConfig({ wifi: { SSID: 1, attempts: 'x' }, keepalive: [], outbux: 3, backoff: { kind: 'linear' } });
    expect(errors.map((error) => error.split(':')[0])).toEqual(['outbux', 'wifi.SSID', 'wifi.attempts', 'keepalive', 'backoff.kind']);
  });

  it('takes headers of any other name', () => {
    const headers = { Authorization: 'Bearer a.b-c', 'X-Fleet': '', constructor: 'a b\tc', 'x!#$': '~' };
    expect(parseConfig({ headers })).toMatchObject({ config: { headers }, errors: [] });
  });

  it('never shows a password, a header or what in a URL may be a secret', () => {
    const secret = 'hunter2';
    const wrong = [
      { headers: { 'X-Key': `${secret}\n` } },
      { headers: { Authorization: [secret] } },
      { server: `ws://user:${secret} @relay/` },
      { server: `ws://user:${secret}@relay:0/` },
      { server: `ws://user:${secret}@@re lay/` },
      { server: `ws://relay/?token=${secret} ` },
      { server: `ws://relay:0/?token=${secret}` },
      { server: `https://user:${secret}@relay/?token=${secret}` },
      { server: `user:${secret}@relay` },
      { server: [secret] },
    ];
    for (const value of wrong) {
      const { errors } = parseConfig(value);
      expect(errors).not.toEqual([]);
      expect(errors.join()).not.toContain(secret);
    }
  });

  it('never shows a password of the Wi-Fi', () => {
    const errors = [{ wifi: { password: 'hunter2'.repeat(20) } }, { wifi: { password: 12345678 } }].flatMap(
      (value) => parseConfig(value).errors,
    );
    expect(errors).toEqual(['wifi.password: expected 0 to 64 characters, got 140', 'wifi.password: expected a string, got a number']);
  });

  it('gives a whole config or an error, whatever it is fed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(DEFAULT_CONFIG)), (value, key) => {
        expect(Object.keys(parseConfig(value).config)).toEqual(Object.keys(DEFAULT_CONFIG));
        const { config, errors } = parseConfig({ [key]: value });
        expect(Object.keys(config)).toEqual(Object.keys(DEFAULT_CONFIG));
        if (errors.length === 0) expect(parseConfig(config).errors).toEqual([]);
      }),
    );
  });
});
