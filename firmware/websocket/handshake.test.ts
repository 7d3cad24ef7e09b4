import { describe, expect, it } from 'vitest';
import { FakeHal } from '../testing/fake-hal.ts';
import { acceptFor, buildRequest, createKey, HEAD_MAX_BYTES, type RequestTarget, ResponseParser } from './handshake.ts';

// The example of RFC 6455 section 1.3.
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const GOOD = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${ACCEPT}`];

const head = (lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
/** The good response with one line replaced (an empty one leaves it out), and more added. */
const changed = (index: number, line: string, ...more: string[]) =>
  head([...GOOD.map((good, i) => (i === index ? line : good)).filter((kept) => kept !== ''), ...more]);

/** @param subprotocol that was asked for */
function parse(pieces: Iterable<string>, subprotocol = ''): ResponseParser & { result: string } {
  const parser = new ResponseParser(ACCEPT, subprotocol);
  let result = 'more';
  for (const piece of pieces) {
    parser.push(piece);
    do result = parser.read();
    while (result === 'part');
    if (result !== 'more') break;
  }
  return Object.assign(parser, { result });
}

describe('the opening handshake', () => {
  const { crypto, random } = new FakeHal();

  it('computes the accept value of the RFC', () => {
    expect(acceptFor(KEY, crypto)).toBe(ACCEPT);
  });

  it('makes keys of 16 bytes, a new one each time', () => {
    const keys = [createKey(random, crypto), createKey(random, crypto)];
    expect(Buffer.from(keys[0], 'base64')).toHaveLength(16);
    expect(keys[0]).not.toBe(keys[1]);
  });

  const request = (target: Partial<RequestTarget>) =>
    buildRequest({ secure: false, host: 'relay.local', port: 8000, path: '/', askedProtocol: '', headerLines: '', ...target }, KEY);

  it('asks for one WebSocket and nothing else', () => {
    expect(request({ path: '/board%201' })).toBe(
      `GET /board%201 HTTP/1.1\r\nHost: relay.local:8000\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
  });

  it.each<[Partial<RequestTarget>, string]>([
    [{ port: 80 }, 'relay.local'],
    [{ port: 443 }, 'relay.local:443'],
    [{ port: 443, secure: true }, 'relay.local'],
    [{ port: 80, secure: true }, 'relay.local:80'],
    [{ host: '[::1]' }, '[::1]:8000'],
  ])('names of %o the host %s', (target, host) => {
    expect(request(target)).toContain(`\r\nHost: ${host}\r\n`);
  });

  it('asks for a subprotocol, and says what else it is given', () => {
    expect(request({ askedProtocol: 'mqtt', headerLines: 'Authorization: Bearer x\r\nX-Fleet: 7\r\n' })).toMatch(
      /\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\nAuthorization: Bearer x\r\nX-Fleet: 7\r\n\r\n$/,
    );
  });

  it.each([
    ['as ws writes it', head(GOOD)],
    ['in other case and space', changed(1, 'UPGRADE:WebSocket  ').replace('Connection: Upgrade', 'connection:  keep-alive , uPGRADE')],
    ['with Connection in two lines', head([...GOOD, 'Connection: keep-alive'])],
    ['without a reason phrase', changed(0, 'HTTP/1.1 101')],
    ['with headers of no concern', head([...GOOD, 'Date: Sun, 22 Nov 2026 00:00:00 GMT', 'Server: x', 'X-Empty:'])],
  ])('accepts a good response %s, whole and byte by byte', (_what, response) => {
    for (const pieces of [[response], [...response]]) expect(parse(pieces)).toMatchObject({ result: 'done', status: 101 });
  });

  it.each([
    ['HTTP/1.0', changed(0, 'HTTP/1.0 101 Switching Protocols')],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a status of two digits', changed(0, 'HTTP/1.1 10')],
    ['a status of four digits', changed(0, 'HTTP/1.1 1010 x')],
    ['a status below 100', changed(0, 'HTTP/1.1 099 x')],
    ['no Upgrade', changed(1, '')],
    ['another Upgrade', changed(1, 'Upgrade: h2c')],
    ['Upgrade twice', head([...GOOD, 'Upgrade: websocket'])],
    ['no Connection', changed(2, '')],
    ['a Connection that only looks like it', changed(2, 'Connection: upgraded')],
    ['no Accept', changed(3, '')],
    ['a wrong Accept', changed(3, 'Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=')],
    ['an Accept in other case', changed(3, `Sec-WebSocket-Accept: ${ACCEPT.toLowerCase()}`)],
    ['Accept twice', head([...GOOD, GOOD[3]])],
    ['an extension', head([...GOOD, 'Sec-WebSocket-Extensions: permessage-deflate'])],
    ['a subprotocol', head([...GOOD, 'Sec-WebSocket-Protocol: mqtt'])],
    ['a folded line', head([...GOOD, 'X-Long: a', ' b'])],
    ['a space before the colon', head([...GOOD, 'X-Bad : a'])],
    ['a line without a colon', head([...GOOD, 'nonsense'])],
    ['an empty name', head([...GOOD, ': a'])],
    ['bare line feeds', `${GOOD.join('\n')}\n\n`],
    ['an empty bare line feed', '\n'],
    ['a carriage return within a line', head([...GOOD, 'X: a\rb'])],
    ['a NUL', head([...GOOD, 'X: a\0b'])],
  ])('refuses %s, whole and byte by byte', (_what, response) => {
    for (const pieces of [[response], [...response]]) {
      const parser = parse(pieces);
      expect(parser.result).toBe('bad');
      expect(parser.failure).not.toBe('');
      expect(parser.read()).toBe('bad');
    }
  });

  it('refuses a head above its limit, ended or not, and accepts one just below', () => {
    const filler = (bytes: number) => head([...GOOD, `X: ${'x'.repeat(bytes - head(GOOD).length - 5)}`]);
    expect(filler(HEAD_MAX_BYTES)).toHaveLength(HEAD_MAX_BYTES);
    expect(parse([filler(HEAD_MAX_BYTES)]).result).toBe('done');
    expect(parse([filler(HEAD_MAX_BYTES + 1)]).result).toBe('bad');
    expect(parse(['x'.repeat(HEAD_MAX_BYTES + 1)]).result).toBe('bad');
    expect(parse(Array(500).fill('X: 345678\r\n')).result).toBe('bad');
  });

  it.each(['HTTP/1.1', 'HTTP/1.0'])('gives the status of a refusal by %s, and what says when or where to come again', (version) => {
    expect(parse([`${version} 403 Forbidden\r\n\r\nbody`])).toMatchObject({
      result: 'done',
      status: 403,
      retryAfter: '',
      locationValue: '',
    });
    expect(parse([`${version} 503 Busy\r\nDATE: now\r\nRetry-After: 17 \r\nLocation:/b?c\r\n\r\n`])).toMatchObject({
      ...{ result: 'done', status: 503, dateValue: 'now', retryAfter: '17', locationValue: '/b?c' },
    });
  });

  it.each([
    ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['103 Early Hints with headers', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nDate: now\r\n\r\n'],
    ['102 that says what only the response may', `HTTP/1.1 102 Processing\r\n${GOOD.slice(1).join('\r\n')}\r\n\r\n`],
    ['several', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3)],
    ['one of HTTP/1.0', 'HTTP/1.0 100 Continue\r\n\r\n'],
  ])('passes over %s, whole and byte by byte', (_what, interim) => {
    for (const response of [head(GOOD), 'HTTP/1.1 403 Forbidden\r\n\r\n'])
      for (const pieces of [[interim + response], [...(interim + response)]])
        expect(parse(pieces)).toMatchObject({ result: 'done', status: response.startsWith('HTTP/1.1 101') ? 101 : 403 });
  });

  it('does not pass over interim responses without end', () => {
    const parser = parse(Array(1000).fill('HTTP/1.1 100 Continue\r\n\r\n'));
    expect([parser.result, parser.failure]).toEqual(['bad', `response head above ${HEAD_MAX_BYTES} bytes`]);
  });

  it('takes the subprotocol that was asked for, or none, and no other', () => {
    const chosen = (line: string, ...more: string[]) => parse([head([...GOOD, line, ...more])], 'mqtt').result;
    expect(parse([head(GOOD)], 'mqtt').result).toBe('done');
    expect(chosen('sec-websocket-protocol: mqtt')).toBe('done');
    expect(chosen('Sec-WebSocket-Protocol: MQTT')).toBe('bad');
    expect(chosen('Sec-WebSocket-Protocol: mqtt, amqp')).toBe('bad');
    expect(chosen('Sec-WebSocket-Protocol: mqtt', 'Sec-WebSocket-Protocol: amqp')).toBe('bad');
  });

  it('says why a WebSocket by HTTP/1.0 is none', () => {
    expect(parse([changed(0, 'HTTP/1.0 101 Switching Protocols')]).failure).toBe('status 101 by HTTP/1.0');
  });

  it('hands over what follows the head', () => {
    expect(parse([`${head(GOOD)}\x81\x01a`]).rest()).toBe('\x81\x01a');
  });
});
